import { DamsonError } from "@damson/plugin-sdk";
import type { Agent } from "./agent.ts";
import { type InstanceRecord, isCompleted, isStale } from "./document.ts";
import type { Supervisor } from "./supervisor.ts";

/** What is waited for. */
export interface Goal {
  readonly wanted: "running" | "healthy" | "stopped" | "deleted";
  /** The revision that was applied: the wait fails when its rolling update is taken back. */
  readonly revision?: number;
}

/**
 * Resolves when the app has come to what is wanted.
 *
 * @throws DamsonError `APP_FAILED` (409) once it is plain that it will not, `WAIT_TIMEOUT` (504) after `timeoutMs`. What
 *   was declared stays declared.
 */
export async function waitFor(
  agent: Agent,
  name: string,
  goal: Goal,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      const outcome = judge(agent, name, goal);
      if (outcome === "waiting") return;
      end();
      if (outcome === "reached") resolve();
      else reject(outcome);
    };
    const end = (): void => {
      clearTimeout(timer);
      unlisten();
      signal?.removeEventListener("abort", abandon);
    };
    const abandon = (): void => {
      end();
      resolve();
    };
    const unlisten = agent.onChange((app) => {
      if (app.name === name) look();
    });
    const timer = setTimeout(() => {
      end();
      reject(timedOut(agent, name, goal.wanted, timeoutMs));
    }, timeoutMs);
    signal?.addEventListener("abort", abandon);
    if (signal?.aborted) abandon();
    else look();
  });
}

function judge(agent: Agent, name: string, goal: Goal): "reached" | "waiting" | DamsonError {
  const app = agent.find(name);
  const { wanted } = goal;
  if (!app) return wanted === "deleted" ? "reached" : failed(name, "was deleted meanwhile");
  if (wanted === "deleted") return "waiting";
  const document = app.document.value;
  const records = document.instances.filter((record) => record.target !== "retired");
  const phaseOf = (record: InstanceRecord) => app.supervisor(record.instance_id)?.phase;
  if (wanted === "stopped") return records.every((record) => phaseOf(record) === "stopped") ? "reached" : "waiting";

  const { update } = document;
  if (update?.state === "in_progress") return "waiting";
  const takenBack = update?.state === "failed" && goal.revision !== undefined && document.current !== goal.revision;
  if (takenBack) return failed(name, `goes on as it was: ${agent.status(app).reason ?? "the update failed"}`);
  const hopeless = records.find((record) => record.target === "running" && record.ended && !isCompleted(record));
  if (hopeless) {
    return failed(name, `is declared, but is not ${wanted}: ${hopeless.instance_id} ${hopeless.reason ?? "ended"}`);
  }

  const there = (record: InstanceRecord): boolean => {
    if (isCompleted(record)) return true;
    if (record.target !== "running" || isStale(document, record)) return false;
    const supervisor = app.supervisor(record.instance_id);
    return wanted === "healthy" ? supervisor?.view.healthy === true : isRunning(supervisor);
  };
  return records.every(there) ? "reached" : "waiting";
}

/** One that a probe finds unhealthy runs all the same; of one that nobody can see, nobody knows. */
function isRunning(supervisor: Supervisor | undefined): boolean {
  if (supervisor?.unseen !== undefined) return false;
  return supervisor?.running === true && (supervisor.phase === "running" || supervisor.phase === "unhealthy");
}

function failed(name: string, what: string): DamsonError {
  return new DamsonError("APP_FAILED", `"${name}" ${what}`, {
    status: 409,
    remedy: `\`damson logs ${name}\` and \`damson exits ${name}\` say more (GET /v1/apps/${name}/logs and /exits).`,
  });
}

function timedOut(agent: Agent, name: string, wanted: Goal["wanted"], timeoutMs: number): DamsonError {
  const app = agent.find(name);
  const status = app && agent.status(app);
  const state = status ? `it is ${status.phase}${status.reason ? ` (${status.reason})` : ""}` : "it is gone";
  return new DamsonError(
    "WAIT_TIMEOUT",
    `"${name}" is declared, but not ${wanted} after ${timeoutMs / 1_000} s: ${state}`,
    {
      status: 504,
      retryable: true,
      remedy: `The agent goes on. \`damson status ${name}\` or GET /v1/status/${name} shows how far it is.`,
    },
  );
}
