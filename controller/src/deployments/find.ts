import { DamsonError } from "@damson/plugin-sdk";
import type { Deployment } from "../model/deployment.ts";
import type { Stored } from "../objects/collection.ts";
import type { Objects } from "../objects/objects.ts";

/** Id of the deployment that `ref` means, by id or name; `ref` itself when there is none. */
export function deploymentIdOf(objects: Objects, ref: string): string {
  if (objects.deployments.get(ref)) return ref;
  return objects.deploymentNames.get(ref)?.value.deploymentId ?? ref;
}

/**
 * The deployment that `ref` means, by id or name; by id also one that is being deleted.
 *
 * @throws DamsonError `DEPLOYMENT_NOT_FOUND` (404)
 */
export function findDeployment(objects: Objects, ref: string): Stored<Deployment> {
  const found = objects.deployments.get(deploymentIdOf(objects, ref));
  if (!found) throw deploymentNotFound(ref);
  return found;
}

/** `DEPLOYMENT_NOT_FOUND` (404). */
export function deploymentNotFound(ref: string): DamsonError {
  return new DamsonError("DEPLOYMENT_NOT_FOUND", `There is no deployment "${ref}"`, {
    status: 404,
    remedy: "`damson deployment list` or GET /v1/deployments shows all.",
  });
}
