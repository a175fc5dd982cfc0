import { DamsonError } from "@damson/plugin-sdk";
import type { DeploymentRequest } from "../api/schema/deployments.ts";
import type { Change } from "../changes/change.ts";
import type { Deployment } from "../model/deployment.ts";
import type { DeploymentChanged } from "./answer.ts";
import { readRequest, type Surroundings } from "./request/read-request.ts";
import { holdArtifacts, putDeployment } from "./write.ts";

/** What a new deployment is made of. */
interface NewDeployment {
  /** 32 hexadecimal digits that no other has. */
  readonly deploymentId: string;
  readonly request: DeploymentRequest;
  readonly now: Date;
}

/**
 * Makes a deployment.
 *
 * @throws DamsonError `DEPLOYMENT_EXISTS` (409), `DEPLOYMENT_TOO_BIG` (413), and what {@link readRequest} throws.
 */
export function createDeployment(
  change: Change,
  surroundings: Surroundings,
  { deploymentId, request, now }: NewDeployment,
): DeploymentChanged {
  const { name, labels = {} } = request;
  const namesake = change.get("deploymentNames", name);
  if (namesake) throw nameTaken(name, namesake.value.deploymentId);
  const { entries, update, warnings } = readRequest(surroundings, request);
  const at = now.toISOString();
  const deployment: Deployment = {
    deploymentId,
    name,
    labels,
    status: "Running",
    paused: false,
    version: 1,
    versions: [{ version: 1, createdAt: at, entries, update }],
    replicas: Object.fromEntries(entries.map((entry) => [entry.name, entry.replicas])),
    nextInstance: 1,
    rollout: { from: 0, to: 1, state: "in_progress", startedAt: at, at },
    createdAt: at,
    updatedAt: at,
  };
  holdArtifacts(change, surroundings.objects, entries);
  change.put("deploymentNames", name, { deploymentId });
  putDeployment(change, deployment);
  change.publish({ type: "deployment.created", deploymentId, deployment: name, message: "Version 1 is to run" });
  return { deploymentId, version: 1, changed: true, warnings };
}

function nameTaken(name: string, deploymentId: string): DamsonError {
  return new DamsonError("DEPLOYMENT_EXISTS", `There is a deployment "${name}" already: ${deploymentId}`, {
    status: 409,
    remedy: `Change that one with PUT /v1/deployments/${name}, or choose another name.`,
    issues: [{ path: "name", message: `"${name}" is taken` }],
  });
}
