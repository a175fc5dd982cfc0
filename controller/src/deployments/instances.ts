import { DamsonError } from "@damson/plugin-sdk";
import { forgetInstance } from "../assignments/forget-instances.ts";
import type { Change } from "../changes/change.ts";
import { type Assignment, isActive } from "../model/assignment.ts";
import type { Deployment, Replicas } from "../model/deployment.ts";
import type { Objects } from "../objects/objects.ts";

/**
 * Lets one instance run or stop; it keeps its place.
 *
 * @throws DamsonError `INSTANCE_NOT_FOUND` (404), `INSTANCE_GOING` (409)
 */
export function setDesired(change: Change, instanceId: string, desired: Assignment["desired"]): null {
  const row = rowToChange(change, instanceId);
  if (row.removing) throw going(row);
  if (row.desired === desired) return null;
  change.put("assignments", instanceId, { ...row, desired });
  publish(change, row, `It is to ${desired === "Running" ? "run" : "stop"}`);
  return null;
}

/**
 * Removes one instance for good: its entry has one less from now on, or another would take its place.
 *
 * @param force forgets it at once, without waiting until its node has stopped it
 * @throws DamsonError `INSTANCE_NOT_FOUND` (404)
 */
export function removeInstance(
  change: Change,
  objects: Objects,
  { instanceId, force, now }: { readonly instanceId: string; readonly force: boolean; readonly now: Date },
): null {
  const row = rowToChange(change, instanceId);
  if (isActive(row)) {
    const deployment = change.get("deployments", row.deploymentId)?.value;
    if (deployment && !isMoving(objects, row)) {
      change.put("deployments", row.deploymentId, withOneLess(deployment, row, now));
    }
    publish(change, row, "It is to go, and its entry has one instance less");
  }
  if (force) forgetInstance(change, instanceId, () => true);
  else if (isActive(row)) {
    const removing = { reason: "scaled_down", at: now.toISOString() } as const;
    change.put("assignments", instanceId, { ...row, removing });
  }
  return null;
}

/** Of two rows that are one instance on its way from node to node, one goes anyway. */
function isMoving(objects: Objects, { instanceId, deploymentId, replaces }: Assignment): boolean {
  const active = objects.assignmentsByDeployment.of(deploymentId).filter(({ value }) => isActive(value));
  return active.some(({ id, value }) => id === replaces || value.replaces === instanceId);
}

function withOneLess(deployment: Deployment, { entry, nodeId, home }: Assignment, now: Date): Deployment {
  if (!Object.hasOwn(deployment.replicas, entry)) return deployment;
  const replicas = deployment.replicas[entry] ?? 0;
  const less = typeof replicas === "number" ? Math.max(0, replicas - 1) : lessOn(replicas, home, nodeId);
  return {
    ...deployment,
    replicas: { ...deployment.replicas, [entry]: less },
    updatedAt: now.toISOString(),
  };
}

/** An instance that was moved counts for the node that it came from. */
function lessOn(replicas: Exclude<Replicas, number>, home: string | undefined, nodeId: string): Replicas {
  const named = home !== undefined && Object.hasOwn(replicas, home) ? home : nodeId;
  if (!Object.hasOwn(replicas, named)) return replicas;
  return { ...replicas, [named]: Math.max(0, (replicas[named] ?? 0) - 1) };
}

function rowToChange(change: Change, instanceId: string): Assignment {
  const row = change.get("assignments", instanceId)?.value;
  if (row) return row;
  throw instanceNotFound(instanceId);
}

/** `INSTANCE_NOT_FOUND` (404). */
export function instanceNotFound(instanceId: string): DamsonError {
  return new DamsonError("INSTANCE_NOT_FOUND", `There is no instance "${instanceId}"`, {
    status: 404,
    remedy: "`damson deployment show` or GET /v1/deployments/:id shows those of a deployment.",
  });
}

function going({ instanceId, removing }: Assignment): DamsonError {
  return new DamsonError("INSTANCE_GOING", `Instance "${instanceId}" is going: ${removing?.reason}`, {
    status: 409,
    remedy: "Scale its deployment if there should be another.",
  });
}

function publish(change: Change, { instanceId, deploymentId, nodeId }: Assignment, message: string): void {
  change.publish({ type: "instance.updated", instanceId, deploymentId, nodeId, message });
}
