import type { JsonObject } from "@damson/plugin-sdk";
import type { AssignmentItem } from "../api/schema/assignments.ts";
import { type Assignment, isActive } from "../model/assignment.ts";
import type { Stored } from "../objects/collection.ts";
import type { ControllerParts } from "../parts.ts";
import { applyDocument } from "./apply-document.ts";
import { assignmentItem } from "./assignment-item.ts";

/** An assignment with what its agent is to apply. */
export type AgentItem = AssignmentItem & { readonly apply: JsonObject };

/** What a node is to run, by instance. */
export function assignmentsOfNode(parts: ControllerParts, nodeId: string): AssignmentItem[] {
  return activeOn(parts, nodeId).flatMap((stored) => itemOf(parts, stored));
}

/** The same for its agent; URLs of artifacts are relative to `base`. */
export function listForAgent(parts: ControllerParts, nodeId: string, base = ""): AgentItem[] {
  return activeOn(parts, nodeId).flatMap((stored) => {
    const apply = documentOf(parts, stored.value, base);
    return apply ? itemOf(parts, stored).map((item) => ({ ...item, apply })) : [];
  });
}

/** Every instance of a deployment, those that are going too. */
export function assignmentsOfDeployment(parts: ControllerParts, deploymentId: string): AssignmentItem[] {
  return sorted(parts.objects.assignmentsByDeployment.of(deploymentId)).flatMap((stored) => itemOf(parts, stored));
}

/** The apply document of an assignment, while its deployment is there. */
export function documentOf(parts: ControllerParts, assignment: Assignment, base = ""): JsonObject | undefined {
  const deployment = parts.objects.deployments.get(assignment.deploymentId)?.value;
  return deployment && applyDocument(deployment, assignment, { ...parts, base });
}

function activeOn({ objects }: ControllerParts, nodeId: string): Stored<Assignment>[] {
  return sorted(objects.assignmentsByNode.of(nodeId).filter(({ value }) => isActive(value)));
}

function sorted(assignments: readonly Stored<Assignment>[]): Stored<Assignment>[] {
  return assignments.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function itemOf({ objects }: ControllerParts, stored: Stored<Assignment>): AssignmentItem[] {
  const deployment = objects.deployments.get(stored.value.deploymentId)?.value;
  return deployment ? [assignmentItem(stored, deployment, objects.statuses.get(stored.id)?.value)] : [];
}
