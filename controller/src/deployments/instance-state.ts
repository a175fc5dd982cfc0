import type { Assignment } from "../model/assignment.ts";
import type { InstanceReport } from "../model/instance-status.ts";

/** Whether a report is of the version that the instance is to run; agents of Plum name none, so the time has to tell. */
export function isOfVersion({ specVersion, specSince }: Assignment, report: InstanceReport): boolean {
  if (report.specVersion !== undefined) return report.specVersion === specVersion;
  return report.receivedAt >= Math.floor(Date.parse(specSince) / 1_000);
}

/** A job that has ended well needs nothing more. */
export function isHealthy({ phase, healthy, exitCode }: InstanceReport): boolean {
  return healthy || (phase === "Exited" && exitCode === 0);
}

/** Whether it runs, or has ended well. */
export function isRunning({ phase, exitCode }: InstanceReport): boolean {
  return phase === "Running" || (phase === "Exited" && exitCode === 0);
}

export function isFailing({ phase, crashLooping }: InstanceReport): boolean {
  return phase === "Failed" || crashLooping === true;
}
