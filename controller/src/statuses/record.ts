import { isDeepStrictEqual } from "node:util";
import { type InstanceReport, type InstanceStatusRecord, KEPT_REPORTS } from "../model/instance-status.ts";
import type { Report } from "./statuses.ts";

/** A record with one more report; the same object when the report says nothing new. */
export function withReport(
  record: InstanceStatusRecord | undefined,
  nodeId: string,
  report: Report,
  now: Date,
): InstanceStatusRecord {
  const latest = readReport(report, now);
  if (record?.nodeId === nodeId && saysTheSame(record.latest, latest)) return record;
  const history = record ? [record.latest, ...record.history].slice(0, KEPT_REPORTS) : [];
  return { instanceId: report.instanceId, nodeId, seq: report.seq ?? record?.seq ?? 0, latest, history };
}

function readReport({ phase, healthy, tsUnix, instanceId: _, seq: __, ...rest }: Report, now: Date): InstanceReport {
  const receivedAt = Math.floor(now.getTime() / 1_000);
  return {
    ...rest,
    // Plum B's word for an end with exit code 0.
    phase: phase === "Completed" ? "Exited" : phase,
    healthy: healthy ?? phase === "Running",
    tsUnix: tsUnix ?? receivedAt,
    receivedAt,
  };
}

function saysTheSame(known: InstanceReport, latest: InstanceReport): boolean {
  const { tsUnix: _, receivedAt: __, ...before } = known;
  const { tsUnix: ___, receivedAt: ____, ...now } = latest;
  return isDeepStrictEqual(before, now);
}
