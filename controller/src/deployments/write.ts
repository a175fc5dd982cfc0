import { DamsonError, STORE_LIMITS } from "@damson/plugin-sdk";
import type { Change } from "../changes/change.ts";
import { type Deployment, type DeploymentVersion, type Entry, KEPT_VERSIONS } from "../model/deployment.ts";
import type { Stored } from "../objects/collection.ts";
import type { Objects } from "../objects/objects.ts";
import { deploymentNotFound } from "./find.ts";
import { artifactAt } from "./request/artifact-entry.ts";

/** Leaves room for the instances that are written in the same commit. */
const MAX_BYTES = STORE_LIMITS.valueBytes - 200_000;

/**
 * A deployment that is to be changed.
 *
 * @throws DamsonError `DEPLOYMENT_NOT_FOUND` (404), also for one that is being deleted.
 */
export function deploymentToChange(change: Change, deploymentId: string): Stored<Deployment> {
  const found = change.get("deployments", deploymentId);
  if (!found || found.value.deleting) throw deploymentNotFound(deploymentId);
  return found;
}

/** @throws DamsonError `DEPLOYMENT_TOO_BIG` (413) when no store would take it. */
export function putDeployment(change: Change, deployment: Deployment): void {
  const bytes = bytesOf(deployment);
  if (bytes > MAX_BYTES) {
    throw new DamsonError("DEPLOYMENT_TOO_BIG", `The deployment takes ${bytes} bytes, and at most ${MAX_BYTES} fit`, {
      status: 413,
      remedy: "Make it several deployments, or move large texts into files that the apps read.",
    });
  }
  change.put("deployments", deployment.deploymentId, deployment);
}

/**
 * The versions with a new one, without those that are too old or too much.
 *
 * @param from the version that its rollout comes from; it stays, as does what any instance refers to
 */
export function withVersion(
  objects: Objects,
  deployment: Deployment,
  added: DeploymentVersion,
  from: number,
): DeploymentVersion[] {
  const { versions, deploymentId } = deployment;
  const used = new Set([from]);
  for (const { value } of objects.assignmentsByDeployment.of(deploymentId)) used.add(value.specVersion);
  let kept = [added, ...versions].filter((one, index) => index < KEPT_VERSIONS || used.has(one.version));
  const isTooBig = (): boolean => bytesOf(deployment) - bytesOf(versions) + bytesOf(kept) > MAX_BYTES;
  while (isTooBig()) {
    const oldest = kept.findLast((one) => one !== added && !used.has(one.version));
    if (!oldest) break;
    kept = kept.filter((one) => one !== oldest);
  }
  return kept;
}

/** Writes the artifacts of entries as they are, so that none is deleted by somebody who has not seen that it is used. */
export function holdArtifacts(change: Change, objects: Objects, entries: readonly Entry[]): void {
  for (const { artifactUrl = "" } of entries) {
    const id = artifactAt(objects, artifactUrl)?.id;
    const artifact = id === undefined ? undefined : change.get("artifacts", id);
    if (artifact) change.put("artifacts", artifact.id, artifact.value);
  }
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
