import type { Assignment } from "../../model/assignment.ts";
import { type Deployment, type Entry, type UpdatePolicy, versionOf } from "../../model/deployment.ts";
import type { InstanceReport } from "../../model/instance-status.ts";
import type { NodeRecord } from "../../model/node.ts";
import { isOfVersion } from "../instance-state.ts";
import type { PlanRow } from "./plan-view.ts";

/** An instance that counts, and how it stands. */
export interface Instance {
  readonly row: PlanRow;
  readonly id: string;
  readonly assignment: Assignment;
  readonly node: NodeRecord | undefined;
  /** Nothing is heard of it: its node is not healthy, or not registered. */
  readonly away: boolean;
  /** Else it only keeps its place, and there is nothing to wait for. */
  readonly toRun: boolean;
  /** A job that has ended well: there is nothing left to run. */
  readonly finished: boolean;
  /** It is, on the version that it is to have, what it should be. */
  readonly ready: boolean;
  /** Why it will not become ready by waiting. */
  readonly failed: string | undefined;
}

/** How an instance stands. */
export function judge(row: PlanRow, deployment: Deployment, node: NodeRecord | undefined): Instance {
  const { assignment, status } = row;
  const toRun = deployment.status === "Running" && assignment.desired === "Running";
  const report = status && isOfVersion(assignment, status.latest) ? status.latest : undefined;
  const entry = versionOf(deployment, assignment.specVersion).entries.find(({ name }) => name === assignment.entry);
  const finished = report !== undefined && endedWell(report, entry);
  return {
    row,
    id: assignment.instanceId,
    assignment,
    node,
    away: node?.health !== "Healthy",
    toRun,
    finished,
    ready: !toRun || finished || (report?.healthy ?? false),
    failed: toRun && report ? failureOf(report, entry) : undefined,
  };
}

/**
 * When an instance that is not ready has had its time, in milliseconds since 1970. Time without its node does not count.
 *
 * @param timeOf - reads ISO 8601
 */
export function deadlineOf(
  { assignment, row, node }: Instance,
  { healthyWithinMs }: UpdatePolicy,
  timeOf: (text: string) => number,
): number {
  const since = Math.max(timeOf(assignment.specSince), node ? timeOf(node.healthSince) : 0);
  return Math.max(since, lastHealthyAt(row)) + healthyWithinMs;
}

/** When it was last known to be healthy on its version; 0 when it never was. */
function lastHealthyAt({ assignment, status }: PlanRow): number {
  if (!status) return 0;
  const isGood = (report: InstanceReport): boolean => report.healthy && isOfVersion(assignment, report);
  const last = status.history.findIndex(isGood);
  // It was healthy until the next report came.
  const next = last === 0 ? status.latest : status.history[last - 1];
  return last < 0 ? 0 : (next?.receivedAt ?? 0) * 1_000;
}

function endedWell({ phase, exitCode }: InstanceReport, entry: Entry | undefined): boolean {
  return phase === "Exited" && (exitCode ?? 0) === 0 && restartOf(entry) !== "always";
}

/** An end alone is none: the agent starts it again, unless it is never to. */
function failureOf(report: InstanceReport, entry: Entry | undefined): string | undefined {
  const { phase, detail, crashLooping, reason, exitCode } = report;
  const text = reason ?? (exitCode === undefined ? undefined : `it exited with code ${exitCode}`);
  if (crashLooping) return `it crashes again and again${text === undefined ? "" : `: ${text}`}`;
  if (phase !== "Failed") return undefined;
  const final = detail === undefined || detail === "failed" || (detail === "exited" && restartOf(entry) === "never");
  return final ? `it failed${text === undefined ? "" : `: ${text}`}` : undefined;
}

function restartOf(entry: Entry | undefined): string {
  const restart = entry?.spec?.restart;
  const policy = typeof restart === "string" ? restart : Object(restart).policy;
  return typeof policy === "string" ? policy : "always";
}
