import type { Assignment } from "../../model/assignment.ts";
import type { InstanceReport } from "../../model/instance-status.ts";
import type { NodeRecord } from "../../model/node.ts";
import type { ObjectChange } from "../../objects/collection.ts";
import type { ControllerParts } from "../../parts.ts";
import type { MoveAccounts } from "./move-accounts.ts";

/** Whom changes of objects are told. */
export interface Triggered {
  /** A deployment is to be planned. */
  readonly mark: (deploymentId: string) => void;
  /** What had no place may have one now. */
  readonly markUnplaced: () => void;
  /** Whether the health of its instances decides how a deployment goes on. */
  readonly watchesHealth: (deploymentId: string) => boolean;
}

/** Has deployments planned when something changes that could lead to another plan. Before the objects are followed. */
export function listen({ objects }: ControllerParts, moves: MoveAccounts, triggered: Triggered): void {
  const { mark, markUnplaced, watchesHealth } = triggered;
  const markOn = (nodeId: string): void => {
    for (const { value } of objects.assignmentsByNode.of(nodeId)) mark(value.deploymentId);
  };
  objects.deployments.onChange(({ id }) => mark(id));
  objects.assignments.onChange(({ before, now }) => {
    const { deploymentId, removing } = (now ?? before)?.value ?? {};
    if (deploymentId === undefined) return;
    if (now) mark(deploymentId);
    else {
      markUnplaced();
      // It was counted no more before it went.
      if (!removing || objects.deployments.get(deploymentId)?.value.deleting) mark(deploymentId);
    }
    for (const nodeId of endsOf(now?.value ?? before?.value))
      if (objects.nodes.get(nodeId)?.value.drain) markOn(nodeId);
  });
  objects.statuses.onChange(({ id, before, now }) => {
    const deploymentId = objects.assignments.get(id)?.value.deploymentId;
    if (deploymentId === undefined || !watchesHealth(deploymentId)) return;
    if (!now || !before || differs(before.value.latest, now.value.latest)) mark(deploymentId);
  });
  objects.nodes.onChange((change) => {
    if (!decidesAnew(change)) return;
    markOn(change.id);
    for (const deploymentId of moves.deploymentsAwayFrom(change.id)) mark(deploymentId);
    if (takesMore(change)) markUnplaced();
  });

  /** Nodes whose drain it is part of: its own, and that of what it replaces. */
  function endsOf(assignment: Assignment | undefined): string[] {
    if (!assignment) return [];
    const replaced = assignment.replaces === undefined ? undefined : objects.assignments.get(assignment.replaces);
    return [assignment.nodeId, ...(replaced ? [replaced.value.nodeId] : [])];
  }
}

function differs(a: InstanceReport, b: InstanceReport): boolean {
  return (
    a.healthy !== b.healthy ||
    a.phase !== b.phase ||
    a.detail !== b.detail ||
    a.specVersion !== b.specVersion ||
    a.exitCode !== b.exitCode ||
    a.crashLooping !== b.crashLooping
  );
}

function decidesAnew({ before, now }: ObjectChange<NodeRecord>): boolean {
  return placeOf(before?.value) !== placeOf(now?.value);
}

/** All of a node on which plans and placements depend. */
function placeOf(node: NodeRecord | undefined): string {
  if (!node) return "";
  const { health, cordoned, drain, labels, capacity, runtimes } = node;
  return JSON.stringify([health, cordoned, drain, labels, capacity, runtimes]);
}

function takesMore({ now }: ObjectChange<NodeRecord>): boolean {
  return now?.value.health === "Healthy" && !now.value.cordoned && !now.value.drain;
}
