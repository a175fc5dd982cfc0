import type { AgentFacts } from "../api/schema/nodes.ts";
import { forgetInstances } from "../assignments/forget-instances.ts";
import { isActive } from "../model/assignment.ts";
import type { ControllerParts } from "../parts.ts";

/** An agent of Plum says only of what it has stopped that it is gone; what it never ran is forgotten after this long. */
const PLUM_SILENCE_MS = 60_000;

/**
 * Forgets what a node was told to let go, and has let go: the agent has brought about a list that is as new as that, and
 * does not have the instance any more.
 */
export async function confirmRemovals(
  parts: ControllerParts,
  nodeId: string,
  seen: NonNullable<AgentFacts["seen"]>,
): Promise<void> {
  if (seen.controllerId !== parts.controllerId) return;
  const going = goingFrom(parts, nodeId).filter(({ revision }) => revision <= seen.revision);
  if (going.length === 0) return;
  const present = new Set(seen.instances);
  const gone = going.filter(({ id }) => !present.has(id)).map(({ id }) => id);
  await forgetInstances(parts, gone, (assignment, revision) => !isActive(assignment) && revision <= seen.revision);
}

/** The same for an agent of Plum, which says nothing of what it never ran. */
export async function forgetNeverRun(parts: ControllerParts, nodeId: string): Promise<void> {
  const before = parts.now().getTime() - PLUM_SILENCE_MS;
  const silent = goingFrom(parts, nodeId)
    .filter(({ id, value }) => Date.parse(value.removing?.at ?? "") <= before && !parts.objects.statuses.get(id))
    .map(({ id }) => id);
  await forgetInstances(parts, silent, (assignment) => !isActive(assignment));
}

/** Forgets all that is going from a node which is not there any more. */
export async function forgetRemovals(parts: ControllerParts, nodeId: string): Promise<void> {
  const going = goingFrom(parts, nodeId).map(({ id }) => id);
  await forgetInstances(parts, going, (assignment) => !isActive(assignment));
}

function goingFrom({ objects }: ControllerParts, nodeId: string) {
  return objects.assignmentsByNode.of(nodeId).filter(({ value }) => !isActive(value));
}
