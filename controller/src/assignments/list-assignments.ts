import type { AssignmentItem } from "../api/schema/assignments.ts";
import { type Assignment, isActive } from "../model/assignment.ts";
import type { Stored } from "../objects/collection.ts";
import type { ControllerParts } from "../parts.ts";
import { applyDocument } from "./apply-document.ts";
import { assignmentItem } from "./assignment-item.ts";

/** What a node is to run, by instance; with the apply documents for an agent. */
export function assignmentsOfNode(parts: ControllerParts, nodeId: string, withDocuments: boolean): AssignmentItem[] {
  const active = parts.objects.assignmentsByNode.of(nodeId).filter(({ value }) => isActive(value));
  return items(parts, active, withDocuments);
}

/** Every instance of a deployment, those that are going too. */
export function assignmentsOfDeployment(parts: ControllerParts, deploymentId: string): AssignmentItem[] {
  return items(parts, parts.objects.assignmentsByDeployment.of(deploymentId), false);
}

function items(
  { objects, artifactKey }: ControllerParts,
  assignments: readonly Stored<Assignment>[],
  withDocuments: boolean,
): AssignmentItem[] {
  return assignments
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((stored) => {
      const deployment = objects.deployments.get(stored.value.deploymentId)?.value;
      if (!deployment) return [];
      const item = assignmentItem(stored, deployment, objects.statuses.get(stored.id)?.value);
      if (!withDocuments) return [item];
      const apply = applyDocument(deployment, stored.value, { artifactKey });
      return apply ? [{ ...item, apply }] : [];
    });
}
