import type { Assignment } from "../model/assignment.ts";
import type { InstanceReport } from "../model/instance-status.ts";

/** Whether a report is of the version that the instance is to run; agents of Plum name none, so the time has to tell. */
export function isOfVersion({ specVersion, specSince }: Assignment, report: InstanceReport): boolean {
  if (report.specVersion !== undefined) return report.specVersion === specVersion;
  return report.receivedAt >= Math.floor(Date.parse(specSince) / 1_000);
}
