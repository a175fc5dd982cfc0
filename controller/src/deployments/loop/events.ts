import type { NewEvent } from "@damson/core/http";
import type { Assignment, Removal } from "../../model/assignment.ts";
import type { PlanView } from "./plan-view.ts";

/** What was written of a plan. */
export interface Done {
  readonly created: { readonly assignment: Assignment; readonly insteadOf: Assignment | undefined }[];
  readonly removed: { readonly assignment: Assignment; readonly reason: Removal["reason"] }[];
  readonly switched: Assignment[];
}

/** Most nodes or instances that one event names. */
const NAMED = 5;

const TYPES = {
  placed: "instance.placed",
  named: "instance.placed",
  failover: "instance.lost",
  drain: "instance.moved",
  failback: "instance.moved",
} as const;

const GOING: Readonly<Record<Removal["reason"], string>> = {
  scaled_down: "are more than there should be, and go",
  deleted: "go with their deployment",
  lost: "were on nodes that are lost, and go there",
  drained: "have been replaced elsewhere, and leave their node",
  failback: "have been replaced on their home, and go",
  replaced: "are not needed any more, and go",
};

/** What is told of a plan: one event for all that happened for the same reason. */
export function eventsOf(view: PlanView, { created, removed, switched }: Done): NewEvent[] {
  const events: NewEvent[] = [];
  for (const [cause, those] of Map.groupBy(created, ({ assignment }) => assignment.why.cause)) {
    const assignments = those.map(({ assignment }) => assignment);
    const lost = those.flatMap(({ insteadOf }) => insteadOf ?? []);
    const why = cause === "placed" ? "" : `: ${some([...new Set(assignments.map(({ why }) => why.text))], "; ")}`;
    events.push({
      type: TYPES[cause],
      message: `${instances(assignments.length)} to run on ${nodesOf(assignments)}${why}`,
      ...about(lost.length > 0 ? lost : assignments),
    });
  }
  for (const [reason, those] of Map.groupBy(removed, (one) => one.reason)) {
    const assignments = those.map(({ assignment }) => assignment);
    events.push({
      type: reason === "scaled_down" ? "deployment.scaled" : "instance.removed",
      message: `${instances(assignments.length)} on ${nodesOf(assignments)} ${GOING[reason]}`,
      ...about(assignments),
    });
  }
  if (switched.length > 0) events.push(progress(view, switched));
  return events;
}

function progress({ deployment, rows }: PlanView, switched: readonly Assignment[]): NewEvent {
  const { version, rollout } = deployment;
  const active = rows.filter(({ assignment }) => !assignment.removing);
  const before = active.filter(({ assignment }) => assignment.specVersion === version).length;
  const isFirst = before === 0 && rollout.state === "in_progress";
  return {
    type: isFirst ? "rollout.started" : "rollout.advanced",
    message: `${before + switched.length} of ${instances(active.length)} get version ${version}: now those on ${nodesOf(switched)}`,
    ...about(switched),
  };
}

/** Instance and node, where there is but one. */
function about(assignments: readonly Assignment[]): { instanceId?: string; nodeId?: string } {
  const [first] = assignments;
  if (!first) return {};
  return {
    ...(assignments.length === 1 && { instanceId: first.instanceId }),
    ...(assignments.every(({ nodeId }) => nodeId === first.nodeId) && { nodeId: first.nodeId }),
  };
}

function nodesOf(assignments: readonly Assignment[]): string {
  return some([...new Set(assignments.map(({ nodeId }) => nodeId))].sort(), ", ");
}

function some(texts: readonly string[], separator: string): string {
  const more = texts.length - NAMED;
  return [...texts.slice(0, NAMED), ...(more > 0 ? [`${more} more`] : [])].join(separator);
}

function instances(count: number): string {
  return count === 1 ? "1 instance" : `${count} instances`;
}
