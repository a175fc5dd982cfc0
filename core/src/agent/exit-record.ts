import { type ExitStatus, type Handle, isUnknownExit } from "@damson/plugin-sdk";
import { type AppDocument, type InstanceRecord, isStale, KEPT_EXITS, revisionOf, withInstance } from "./document.ts";
import { PROVEN_MS, restartDelayMs, shouldRestart, withDeath } from "./restart-policy.ts";
import type { ExitReason, ExitRecord } from "./schema/records.ts";
import { settingsOf } from "./spec.ts";

/** The end of a run, as the supervisor learned it. */
export interface RunEnd {
  readonly status: ExitStatus;
  /** `stopped`: on request. `died`: by itself. `not_started`: the start failed. */
  readonly how: "stopped" | "died" | "not_started";
  readonly handle: Handle | undefined;
  /** Name of the runtime that made `handle`. */
  readonly runtime: string | undefined;
  readonly logCursor: string | null;
  /** When the run was first healthy; `undefined` when it never was. */
  readonly healthySince: Date | undefined;
  readonly now: Date;
}

const newChance = { ended: undefined, next_start_at: undefined, failures: 0 } as const;

/**
 * The document after the end of a run: the exit is kept, and the next run is intended, or not, by the restart policy.
 */
export function withRunEnd(document: AppDocument, instanceId: string, end: RunEnd): AppDocument {
  const record = document.instances.find((candidate) => candidate.instance_id === instanceId);
  if (!record) return document;
  const exit: ExitRecord = {
    instance_id: instanceId,
    version: revisionOf(document, record.intent.revision).spec.version,
    run: record.intent.run,
    code: end.status.code,
    signal: end.status.signal,
    oom: end.status.oom,
    reason: exitReason(end),
    ...(end.status.detail === undefined ? {} : { detail: end.status.detail }),
    started_at: end.handle?.startedAt ?? null,
    ended_at: end.status.endedAt ?? (end.how === "not_started" ? end.now.toISOString() : null),
    log_cursor: end.logCursor,
  };
  const changed = withInstance(document, instanceId, (candidate) => nextIntent(document, candidate, end));
  return { ...changed, exits: [...document.exits, exit].slice(-KEPT_EXITS), updated_at: end.now.toISOString() };
}

function nextIntent(document: AppDocument, record: InstanceRecord, end: RunEnd): InstanceRecord {
  const { target, revision } = record;
  // What is not to run again needs to be looked for nowhere.
  const runtime = target === "running" ? record.intent.runtime : undefined;
  const settled: InstanceRecord = {
    ...record,
    ...(end.handle && { handle: end.handle, runtime: end.runtime }),
    intent: { run: record.intent.run + 1, revision, nonce: document.nonce, runtime },
  };
  if (end.how === "stopped") return { ...settled, ...newChance, reason: undefined };
  const { restart } = settingsOf(revisionOf(document, record.revision).spec);
  const proven = end.healthySince !== undefined && end.now.getTime() - end.healthySince.getTime() >= PROVEN_MS;
  const failures = (proven ? 0 : record.failures) + 1;
  const again = end.how === "not_started" ? restart.policy !== "never" : shouldRestart(restart.policy, end.status);
  const died = end.how === "died";
  const ended: InstanceRecord = {
    ...settled,
    failures,
    deaths: died ? withDeath(record.deaths, end.now) : record.deaths,
    restarts: record.restarts + (died && again ? 1 : 0),
    reason: describeEnd(end),
    ended: { phase: died ? "exited" : "failed", final: !again, success: died && end.status.code === 0 },
    next_start_at: again ? new Date(end.now.getTime() + restartDelayMs(restart, failures)).toISOString() : undefined,
  };
  // A change that was declared after this end, and before it could be recorded, waits for no back-off.
  return record.target !== "running" || isStale(document, record) ? { ...ended, ...newChance } : ended;
}

/** One sentence for people. */
export function describeEnd(end: Pick<RunEnd, "status" | "how">): string {
  const { status } = end;
  if (end.how === "not_started") return `could not start: ${status.detail ?? "unknown reason"}`;
  if (status.oom) return "ran out of memory and was killed";
  if (isUnknownExit(status)) return `ended, nobody knows how${status.detail ? `: ${status.detail}` : ""}`;
  if (status.signal) return `ended by ${status.signal}`;
  return `exited with code ${status.code}`;
}

function exitReason(end: RunEnd): ExitReason {
  if (end.how === "stopped") return "stop_requested";
  if (end.how === "not_started") return "start_failed";
  if (end.status.oom) return "oom";
  if (isUnknownExit(end.status)) return "unknown";
  return end.status.signal ? "signal" : "exit";
}
