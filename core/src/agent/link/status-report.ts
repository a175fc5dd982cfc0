import type { App } from "../app.ts";
import { type AppDocument, assignmentOf, type InstanceRecord, isStale, revisionOf } from "../document.ts";
import { isCrashLooping } from "../restart-policy.ts";
import type { ExitRecord } from "../schema/records.ts";
import type { Phase } from "../schema/status.ts";
import type { Refusal } from "./assignments.ts";
import type { StatusReport } from "./protocol.ts";

const MAX_REASON = 4_096;

/** How an assigned app is, in the controller's words. `undefined` while it has no instance, or nobody knows yet. */
export function stateReport(app: App, refusal: Refusal | undefined, now: Date): StatusReport | undefined {
  const document = app.document.value;
  const record = document.instances.find(({ instance_id }) => instance_id === app.name);
  const supervisor = record && app.supervisor(record.instance_id);
  if (!record || !supervisor) return undefined;
  if (!supervisor.recovered && supervisor.unseen === undefined) return undefined;
  const detail = supervisor.phase;
  const last = document.exits.findLast((exit) => exit.instance_id === record.instance_id);
  const ended = detail === "exited" || detail === "backoff" || detail === "failed";
  const exitCode = ended && last && isOwnEnd(last) ? (last.code ?? undefined) : undefined;
  const reason = refusal ? refusedText(refusal) : progressless(detail, supervisor.reason ?? record.reason);
  return {
    instanceId: record.instance_id,
    phase: wordFor(detail, exitCode),
    ...(exitCode === undefined ? {} : { exitCode }),
    healthy: supervisor.view.healthy && (detail === "running" || detail === "exited"),
    tsUnix: unix(now),
    detail,
    ...(reason === undefined ? {} : { reason: reason.slice(0, MAX_REASON) }),
    restarts: record.restarts,
    crashLooping: record.target === "running" && isCrashLooping(record.deaths, now),
    specVersion: versionOf(document, record),
  };
}

/** The report of an instance that is not there, since its assignment was refused. */
export function refusalReport(instanceId: string, refusal: Refusal, now: Date): StatusReport {
  return {
    instanceId,
    phase: "Failed",
    healthy: false,
    tsUnix: unix(now),
    detail: "failed",
    reason: refusedText(refusal).slice(0, MAX_REASON),
    specVersion: refusal.specVersion,
  };
}

/** The reports of an app's ends by themselves, after the run with the number `told`, oldest first. */
export function exitReports(app: App, told: number): (StatusReport & { readonly run: number })[] {
  const document = app.document.durable;
  const specVersion = assignmentOf(document)?.spec_version;
  return document.exits
    .filter((exit) => exit.instance_id === app.name && exit.run > told && isOwnEnd(exit))
    .map((exit) => ({
      run: exit.run,
      instanceId: exit.instance_id,
      phase: exit.code === 0 ? "Exited" : "Failed",
      ...(exit.code === null ? {} : { exitCode: exit.code }),
      healthy: false,
      tsUnix: exit.ended_at === null ? 0 : unix(new Date(exit.ended_at)),
      detail: "exited",
      ...(exit.detail === undefined ? {} : { reason: exit.detail.slice(0, MAX_REASON) }),
      ...(specVersion === undefined ? {} : { specVersion }),
    }));
}

function isOwnEnd({ reason }: ExitRecord): boolean {
  return reason !== "stop_requested" && reason !== "start_failed";
}

function wordFor(detail: Phase, exitCode: number | undefined): StatusReport["phase"] {
  if (detail === "running" || detail === "unhealthy" || detail === "stopping") return "Running";
  if (detail === "stopped") return "Stopped";
  if (detail === "exited" || detail === "backoff" || detail === "failed") return exitCode === 0 ? "Exited" : "Failed";
  return "Pending";
}

/** How far a download has come is told to who looks, and not with each step to the controller. */
function progressless(detail: Phase, reason: string | undefined): string | undefined {
  return detail === "preparing" ? undefined : reason;
}

function refusedText({ reason, specVersion }: Refusal): string {
  return `version ${specVersion} of the deployment cannot be run here: ${reason}`;
}

/** What runs may be of an older version; one that would make the same unit counts as the newer. */
function versionOf(document: AppDocument, record: InstanceRecord): number {
  const revision = isStale(document, record) ? record.intent.revision : record.revision;
  return revisionOf(document, revision).spec.assignment?.spec_version ?? 0;
}

function unix(time: Date): number {
  return Math.floor(time.getTime() / 1_000);
}
