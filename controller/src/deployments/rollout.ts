import type { Change } from "../changes/change.ts";
import { type Deployment, type Rollout, versionOf } from "../model/deployment.ts";
import type { Objects } from "../objects/objects.ts";
import type { DeploymentChanged } from "./answer.ts";
import { deploymentToChange, putDeployment, withVersion } from "./write.ts";

/** The rollout that begins when `to` becomes the version that is to run. */
export function rolloutTo({ rollout }: Deployment, to: number, at: string): Rollout {
  // Only what is done is proven; before that, what the last rollout came from still is.
  const from = rollout.state === "done" ? rollout.to : rollout.from;
  return { from, to, state: "in_progress", startedAt: at, at };
}

/** Number of a deployment's next version: the newest is always kept, so none is given twice. */
export function nextVersion({ versions }: Deployment): number {
  return Math.max(...versions.map(({ version }) => version)) + 1;
}

/**
 * Rolls out again what the last rollout failed with, as a new version; where it did not fail, nothing changes.
 *
 * @throws DamsonError `DEPLOYMENT_NOT_FOUND` (404), `DEPLOYMENT_TOO_BIG` (413)
 */
export function retryRollout(change: Change, objects: Objects, deploymentId: string, now: Date): DeploymentChanged {
  const { value: deployment } = deploymentToChange(change, deploymentId);
  const { rollout: last, name } = deployment;
  if (last.state !== "failed" && last.state !== "rolled_back") {
    return { deploymentId, version: deployment.version, changed: false, warnings: [] };
  }
  const at = now.toISOString();
  const version = nextVersion(deployment);
  const { entries, update } = versionOf(deployment, last.to);
  const rollout = rolloutTo(deployment, version, at);
  putDeployment(change, {
    ...deployment,
    status: "Running",
    version,
    versions: withVersion(objects, deployment, { version, createdAt: at, entries, update }, rollout.from),
    rollout,
    updatedAt: at,
  });
  const message = `Version ${version} is to run: version ${last.to} once more`;
  change.publish({ type: "deployment.updated", deploymentId, deployment: name, message });
  return { deploymentId, version, changed: true, warnings: [] };
}
