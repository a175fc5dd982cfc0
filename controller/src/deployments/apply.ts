import { isDeepStrictEqual } from "node:util";
import { DamsonError } from "@damson/plugin-sdk";
import type { RolloutRequest } from "../api/schema/deployments.ts";
import type { Change } from "../changes/change.ts";
import { type Deployment, type DeploymentVersion, type Replicas, versionOf } from "../model/deployment.ts";
import type { DeploymentChanged } from "./answer.ts";
import { type ReadRequest, readRequest, type Surroundings } from "./request/read-request.ts";
import { nextVersion, rolloutTo } from "./rollout.ts";
import { deploymentToChange, holdArtifacts, putDeployment, withVersion } from "./write.ts";

/**
 * Makes a deployment what a request says. What runs differently becomes a new version, and its rollout begins; the number
 * of instances and the labels change at once, and only where the request names them. One that was stopped runs again.
 *
 * @throws DamsonError `DEPLOYMENT_NOT_FOUND` (404), `NAME_IMMUTABLE` (400), `DEPLOYMENT_TOO_BIG` (413), and what
 *   {@link readRequest} throws.
 */
export function applyToDeployment(
  change: Change,
  surroundings: Surroundings,
  {
    deploymentId,
    request,
    now,
  }: { readonly deploymentId: string; readonly request: RolloutRequest; readonly now: Date },
): DeploymentChanged {
  const { objects } = surroundings;
  const { value: deployment } = deploymentToChange(change, deploymentId);
  assertSameName(deployment, request.name);
  const read = readRequest(surroundings, request, new Map(Object.entries(deployment.replicas)));
  const at = now.toISOString();
  const present = versionOf(deployment, deployment.version);
  const wanted: DeploymentVersion = {
    version: nextVersion(deployment),
    createdAt: at,
    entries: read.entries,
    update: read.update,
  };
  const isNew = !isDeepStrictEqual(whatRuns(present), whatRuns(wanted));
  const target = isNew ? wanted.version : present.version;
  const rollout = isNew ? rolloutTo(deployment, target, at) : deployment.rollout;
  const versions = isNew ? withVersion(objects, deployment, wanted, rollout.from) : deployment.versions;
  const next: Deployment = {
    ...deployment,
    labels: request.labels ?? deployment.labels,
    status: "Running",
    version: target,
    versions,
    replicas: replicasOf(deployment, versions, read),
    rollout,
  };
  const changed = !isDeepStrictEqual(plain(next), deployment);
  if (changed) {
    if (isNew) holdArtifacts(change, objects, read.entries);
    putDeployment(change, { ...next, updatedAt: at });
    const message = isNew ? `Version ${target} is to run` : "Its instances, labels or status were changed";
    change.publish({ type: "deployment.updated", deploymentId, deployment: deployment.name, message });
  }
  return { deploymentId, version: target, changed, warnings: read.warnings };
}

/** @throws DamsonError `NAME_IMMUTABLE` (400) */
export function assertSameName({ name }: Deployment, given: string | undefined): void {
  if (given === undefined || given === name) return;
  throw new DamsonError("NAME_IMMUTABLE", `The deployment is called "${name}", and its name is immutable`, {
    status: 400,
    remedy: "Leave the name as it is, or make a new deployment and delete this one.",
    issues: [{ path: "name", message: `expected "${name}", got "${given}"` }],
  });
}

/** What a version says beside how many instances there are; the order of its entries says nothing. */
function whatRuns({ entries, update }: DeploymentVersion): unknown {
  const sorted = entries.map(({ replicas: _counted, ...entry }) => entry).sort((a, b) => (a.name < b.name ? -1 : 1));
  return plain({ entries: sorted, update });
}

/** For the entries of every version that is kept, so that a rollback knows how many there are to be. */
function replicasOf(
  { replicas }: Deployment,
  versions: readonly DeploymentVersion[],
  read: ReadRequest,
): Record<string, Replicas> {
  const kept = new Set(versions.flatMap(({ entries }) => entries.map(({ name }) => name)));
  const before = Object.entries(replicas).filter(([name]) => kept.has(name));
  const known = new Set(before.map(([name]) => name));
  const added = read.entries
    .filter(({ name }) => !known.has(name))
    .map((entry) => [entry.name, entry.replicas] as const);
  return { ...Object.fromEntries([...before, ...added]), ...read.replicas };
}

/** As the store gives it back: without what is undefined. */
function plain(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}
