import type { TSchema } from "typebox";
import type { Json } from "../json.ts";
import type { RuntimeCapabilities } from "./capabilities.ts";
import type { InstanceEvent } from "./events.ts";
import type { ExecRequest, ExecSession } from "./exec.ts";
import type { Handle, UnitId } from "./handle.ts";
import type { RuntimeHealth } from "./health.ts";
import type { Instance } from "./instance.ts";
import type { LogLine, LogQuery } from "./logs.ts";
import type { ReportProgress } from "./progress.ts";
import type { Recovered } from "./recovered.ts";
import type { StopOptions, StopResult } from "./stop.ts";
import type { ResourceUsage } from "./usage.ts";

/**
 * Runs packages of some types. The contract between the agent and everything that can run an app.
 *
 * A *unit* is what the runtime makes for an instance (a process tree, a container, a job in a slot). Each start of the
 * instance is a *run*. Life of a run, seen from the agent:
 *
 * ```
 * admit ─ prepare ─ (intent is durable) ─ start ─ (handle is durable) ─ watch … stop ─ … remove
 *                                └─ agent dies ─ recover ─┘
 * ```
 *
 * Rules, proven for every runtime by `runtimeConformance` of `@damson/plugin-sdk/testing`:
 *
 * 1. A crash of the agent between `start` and the storing of its handle is healed: `recover` without a handle finds the
 *    unit by instance and run.
 * 2. A unit outlives the agent. The next agent adopts it with `recover`; nothing is started twice.
 * 3. An exit that happens while no agent lives is reported afterwards with its true code or signal.
 * 4. `stop` reaches the whole process tree, kills what ignores the signal, and names survivors.
 * 5. Units of another owner are never touched, nor listed.
 * 6. No log line is lost or reordered by a crash of the agent, and a slow reader neither blocks nor kills the unit.
 * 7. A unit's identity is checked before every signal; an id that was used again is never signalled.
 * 8. What is unknown is reported as unknown, never as exit code 0.
 *
 * Every call has a deadline, set by the agent ({@link RUNTIME_DEADLINES_MS}); a call that overruns it counts as failed,
 * and is abandoned. Calls for one instance never overlap, except `logs` and `stats`, which may come at any time.
 * Throw `DamsonError` with a stable code and a `remedy` whenever the user can do something about it, and
 * `runtimeUnavailable` when what the runtime stands on cannot be reached.
 */
export interface Runtime {
  /** As in `provides: ["runtime:<name>"]` of the manifest. */
  readonly name: string;

  /** For each `pkg.type` that it serves, the schema of that `pkg`. Unknown fields must be errors. */
  readonly packageSchemas: Readonly<Record<string, TSchema>>;

  readonly capabilities: RuntimeCapabilities;

  /** Whether it is usable here. Called at load, and when the user asks. Never throws for what it can put in words. */
  check(): Promise<RuntimeHealth>;

  /**
   * Tells whenever `check` would answer something else, for runtimes that stand on what can go away; until `signal` aborts.
   * While it is not usable, the agent begins nothing with it and believes nothing to have ended; as soon as it is again,
   * the agent goes on. `watch` and `logs` survive the time between.
   */
  health?(signal: AbortSignal): AsyncIterable<RuntimeHealth>;

  /**
   * Checks, when a spec is submitted and before anything is stored, what no schema can: that the command is there, that
   * the user exists, that the limits can be set. Changes nothing.
   *
   * @throws DamsonError with a 4xx `status`, and the place in `pkg` as an issue.
   */
  admit(instance: Instance): Promise<void>;

  /**
   * Fetches, verifies, unpacks, pulls. Idempotent: called again after a crash or failure, it completes what is missing.
   *
   * @throws DamsonError `retryable` when another try may help, e.g. after a network failure.
   */
  prepare(instance: Instance, report: ReportProgress, signal: AbortSignal): Promise<void>;

  /**
   * Starts the run. Idempotent by instance and run: when the unit of this run exists, running or ended, its handle is
   * returned and nothing is started. What an earlier run of the instance left behind is replaced, its logs are kept.
   * Resolves as soon as the unit's own program runs.
   *
   * @throws DamsonError when it cannot start; then nothing runs, and nothing will.
   */
  start(instance: Instance): Promise<Handle>;

  /**
   * Finds out what became of a run, after a restart of the agent. Without a handle (the agent died between intent and
   * record) the unit is found by instance and run.
   */
  recover(instance: Instance, handle: Handle | undefined): Promise<Recovered>;

  /** Tells of the run until it has ended or `signal` aborts. The last event is `exited`. Costs nothing while all is quiet. */
  watch(handle: Handle, signal: AbortSignal): AsyncIterable<InstanceEvent>;

  /** Stops the whole process tree of the run, and resolves when it is gone or cannot be killed. Stopping what has stopped succeeds. */
  stop(handle: Handle, options: StopOptions): Promise<StopResult>;

  /**
   * Removes the unit and all that the runtime keeps of the instance, logs too, and what `prepare` made for it. No run of
   * it goes on; it may never have had one. Removing what is gone succeeds.
   */
  remove(unit: UnitId): Promise<void>;

  /** Lines of all runs of the instance that are still kept, oldest first; per stream in the order in which they were written. */
  logs(handle: Handle, query: LogQuery): AsyncIterable<LogLine>;

  /** A cursor at the present end of the logs, so that what comes after (or ended here) can be found again. */
  logCursor(handle: Handle): Promise<string>;

  /** @throws DamsonError `NOT_RUNNING` (409) when the run has ended. */
  stats(handle: Handle): Promise<ResourceUsage>;

  /** The same about once a second, until the run has ended or `signal` aborts. @default `stats` is called each second */
  watchStats?(handle: Handle, signal: AbortSignal): AsyncIterable<ResourceUsage>;

  /** All units of this owner, running or ended. The orphan sweep removes those that the agent does not know. */
  list(owner: string): Promise<Handle[]>;

  /**
   * Runs a command inside the unit; with `capabilities.exec`.
   *
   * @throws DamsonError `NOT_RUNNING` (409); `EXEC_FAILED` (422) when the command cannot be started.
   */
  exec?(handle: Handle, request: ExecRequest, signal: AbortSignal): Promise<ExecSession>;

  /** Runs an action of its own, one of `capabilities.actions`. */
  action?(handle: Handle, name: string, input: Json): Promise<Json>;
}

/**
 * How long the agent waits for each call, in milliseconds. `stop` has its grace on top. `watch` and `logs` have none:
 * they end by their signal.
 */
export const RUNTIME_DEADLINES_MS = {
  check: 10_000,
  admit: 10_000,
  prepare: 900_000,
  start: 30_000,
  recover: 30_000,
  stop: 30_000,
  remove: 60_000,
  logCursor: 10_000,
  stats: 10_000,
  list: 30_000,
  exec: 10_000,
  action: 60_000,
} as const;
