import { DamsonError } from "@damson/plugin-sdk";
import { desiredOf } from "../assignments/assignment-item.ts";
import { type Assignment, isActive } from "../model/assignment.ts";
import type { Deployment } from "../model/deployment.ts";

const OURS = /^[0-9a-f]{32}-[0-9a-f]{8}$/;

/** Whether an id is that of an instance which a controller placed; others register for themselves. */
export function isPlaced(instanceId: string): boolean {
  return OURS.test(instanceId);
}

/** Whether an instance may offer services: it is to run. */
export function mayServe(assignment: Assignment | undefined, deployment: Deployment | undefined): boolean {
  if (!assignment || !deployment || !isActive(assignment)) return false;
  return desiredOf(deployment, assignment) === "Running";
}

/** `INSTANCE_NOT_ASSIGNED` (409). */
export function notAssigned(instanceId: string, nodeId: string, assignment: Assignment | undefined): DamsonError {
  const reason = whyNot(nodeId, assignment);
  return new DamsonError("INSTANCE_NOT_ASSIGNED", `"${instanceId}" is not to run on "${nodeId}": ${reason}`, {
    status: 409,
    remedy: "Its agent stops it when it has fetched its assignments.",
  });
}

function whyNot(nodeId: string, assignment: Assignment | undefined): string {
  if (!assignment) return "there is no such instance";
  if (assignment.nodeId !== nodeId) return `it is placed on "${assignment.nodeId}"`;
  return assignment.removing ? `it is going (${assignment.removing.reason})` : "it is stopped";
}
