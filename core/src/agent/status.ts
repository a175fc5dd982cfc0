import type { Handle, Runtime } from "@damson/plugin-sdk";
import type { App } from "./app.ts";
import { type AppDocument, type InstanceRecord, isCompleted, revisionOf } from "./document.ts";
import { isCrashLooping } from "./restart-policy.ts";
import type { Runtimes } from "./runtimes.ts";
import type { AppStatus, InstanceStatus, Phase, UpdateStatus } from "./schema/status.ts";
import { settingsOf } from "./spec.ts";

/** Phases from nearest to what is declared to furthest from it; the furthest of its instances is the app's. */
const SEVERITY: readonly Phase[] = [
  "running",
  "stopped",
  "exited",
  "stopping",
  "starting",
  "preparing",
  "pending",
  "unhealthy",
  "backoff",
  "failed",
];

/** Status of one app, as the API shows it. */
export function appStatus(app: App, runtimes: Runtimes, now: Date): AppStatus {
  const document = app.document.value;
  const { spec } = revisionOf(document, document.current);
  const shown = document.instances.filter((record) => record.target !== "retired");
  const instances = shown.map((record) => instanceStatus(app, document, record, now));
  const counted = instances.filter((_, index) => shown[index]?.target !== "removed");
  const worst = furthest(counted.length > 0 ? counted : instances);
  const phase =
    worst?.phase ?? (document.desired === "running" && settingsOf(spec).instances > 0 ? "pending" : "stopped");
  const live = shown.filter((record) => record.target !== "removed");
  const done = live.length > 0 && live.every(isCompleted);
  const level = healthLevel(counted, done);
  const reason =
    document.update?.reason && document.update.state === "failed" ? updateFailure(document) : worst?.reason;
  return {
    app: document.app,
    version: spec.version,
    status: statusOf(document, phase, counted, done),
    healthy: { level, msg: healthMessage(counted, done, level, phase, reason) },
    updated: app.updated,
    phase,
    ...(reason === undefined ? {} : { reason }),
    desired: document.desired,
    runtime: runtimeOf(app, counted, runtimes.select(spec.pkg.type, shown[0]?.runtime)),
    replicas: settingsOf(spec).instances,
    restarts: instances.reduce((sum, instance) => sum + instance.restarts, 0),
    crash_looping: instances.some((instance) => instance.crash_looping),
    labels: spec.labels ?? {},
    ...(document.update ? { update: updateStatus(document, document.update) } : {}),
    ...(spec.assignment ? { assignment: spec.assignment } : {}),
    instances,
  };
}

/** What really runs it; while nothing does, what would. */
function runtimeOf(app: App, instances: readonly InstanceStatus[], next: Runtime | undefined): string {
  const supervisors = instances.map(({ instance_id }) => app.supervisor(instance_id));
  const runs = supervisors.find((supervisor) => supervisor?.running || supervisor?.unseen !== undefined);
  return (runs?.run?.runtime ?? next)?.name ?? "";
}

function instanceStatus(app: App, document: AppDocument, record: InstanceRecord, now: Date): InstanceStatus {
  const supervisor = app.supervisor(record.instance_id);
  const phase = supervisor?.phase ?? "pending";
  const reason = supervisor?.reason ?? record.reason;
  const running = supervisor?.running === true;
  const handle = supervisor?.run?.handle;
  const { healthy } = supervisor?.view ?? { healthy: false };
  return {
    instance_id: record.instance_id,
    version: revisionOf(document, record.intent.revision).spec.version,
    phase,
    ...(reason === undefined ? {} : { reason }),
    run: handle?.run ?? record.intent.run,
    restarts: record.restarts,
    health: { level: healthy ? 100 : 0, msg: supervisor?.healthMessage ?? phase },
    crash_looping: record.target === "running" && isCrashLooping(record.deaths, now),
    ...(running && handle ? unitStatus(handle) : {}),
    ...(record.next_start_at && !running ? { next_start_at: record.next_start_at } : {}),
  };
}

function unitStatus({ startedAt, unit: { ports, ...names } }: Handle) {
  return { started_at: startedAt, ...names, ...(ports ? { ports: [...ports] } : {}) };
}

/** Status word of Boreas's clients. */
function statusOf(
  document: AppDocument,
  phase: Phase,
  instances: readonly InstanceStatus[],
  done: boolean,
): AppStatus["status"] {
  if (document.desired !== "running") return phase === "stopped" ? "stopped" : "running";
  if (done) return "stopped";
  if (instances.some((instance) => instance.crash_looping)) return "error";
  if (phase === "running") return "running";
  if (phase === "stopped") return "stopped";
  return phase === "failed" || phase === "backoff" || phase === "unhealthy" || phase === "exited" ? "error" : "pending";
}

function healthLevel(instances: readonly InstanceStatus[], done: boolean): number {
  if (done) return 100;
  if (instances.length === 0) return 0;
  return Math.floor(instances.reduce((sum, instance) => sum + instance.health.level, 0) / instances.length);
}

function healthMessage(
  instances: readonly InstanceStatus[],
  done: boolean,
  level: number,
  phase: Phase,
  reason: string | undefined,
): string {
  if (done) return "Completed";
  if (level === 100) return "Running";
  const worst = furthest(instances.filter((instance) => instance.health.level < 100));
  if (instances.length < 2) return worst?.health.msg ?? reason ?? phase;
  const healthy = instances.filter((instance) => instance.health.level === 100).length;
  return `${healthy} of ${instances.length} instances healthy${worst ? `; ${worst.instance_id}: ${worst.health.msg}` : ""}`;
}

function updateStatus(document: AppDocument, update: NonNullable<AppDocument["update"]>): UpdateStatus {
  return {
    state: update.state,
    from_version: versionOf(document, update.from),
    to_version: versionOf(document, update.to),
    ...(update.reason === undefined ? {} : { reason: update.reason }),
    ...(update.failed_instance === undefined ? {} : { failed_instance: update.failed_instance }),
    at: update.at,
  };
}

/** A failed update was taken back: it went from the new version back to the old one. */
function updateFailure(document: AppDocument): string {
  const { update } = document;
  return `the update to ${versionOf(document, update?.from ?? 0)} failed and was taken back: ${update?.reason}`;
}

function versionOf(document: AppDocument, revision: number): string {
  return (
    document.revisions.find((candidate) => candidate.revision === revision)?.spec.version ?? `revision ${revision}`
  );
}

function furthest(instances: readonly InstanceStatus[]): InstanceStatus | undefined {
  return instances.reduce<InstanceStatus | undefined>(
    (worst, instance) =>
      worst && SEVERITY.indexOf(worst.phase) >= SEVERITY.indexOf(instance.phase) ? worst : instance,
    undefined,
  );
}
