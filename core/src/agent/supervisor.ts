import {
  errorText,
  type Handle,
  type Instance,
  isRuntimeUnavailable,
  type Runtime,
  runtimeUnavailable,
  type StopResult,
  unknownExit,
} from "@damson/plugin-sdk";
import type { Document } from "../state/index.ts";
import { retryDelayMs } from "./backoff.ts";
import { type AppDocument, type InstanceRecord, isCompleted } from "./document.ts";
import { errorSentences } from "./error-sentences.ts";
import { describeEnd, type RunEnd } from "./exit-record.ts";
import { InstanceJournal } from "./instance-journal.ts";
import { instanceOf, instanceRequest } from "./instance-request.ts";
import { allHolders, earlierRuntimes, holderOf, namedRuntime, nextRuntime } from "./instance-runtimes.ts";
import { LiveRun } from "./live-run.ts";
import type { InstanceView } from "./plan.ts";
import { Preparation } from "./preparation.ts";
import { removeUnit } from "./remove-unit.ts";
import { isCrashLooping, longestDelayMs } from "./restart-policy.ts";
import type { Phase } from "./schema/status.ts";
import { settingsOf } from "./spec.ts";
import type { SupervisorContext } from "./supervisor-context.ts";
import { Troubles } from "./troubles.ts";
import { Wake } from "./wake.ts";

/**
 * Brings one instance to its target and keeps it there. It alone calls the runtime for the instance, one call at a
 * time; it acts when woken (by a change of the document, an end, a due time) and sleeps otherwise.
 *
 * ```
 * pending → preparing → starting → running ⇄ unhealthy → stopping → stopped
 *              │            │          └→ exited → backoff → preparing …
 *              └────────────┴→ failed (with its reason; tried again by the restart policy)
 * ```
 */
export class Supervisor {
  readonly id: string;
  readonly #journal: InstanceJournal;
  readonly #context: SupervisorContext;
  readonly #changed: () => void;
  readonly #wake = new Wake();
  readonly #detached = new AbortController();
  readonly #preparation = new Preparation();
  readonly #troubles = new Troubles();
  #run: LiveRun | undefined;
  #known: boolean;
  #phase: Phase = "pending";
  #reason: string | undefined;
  #loop: Promise<void> = Promise.resolve();

  /** @param known whether it is certain that no run of this instance was started before: it was created just now */
  constructor(
    document: Document<AppDocument>,
    id: string,
    context: SupervisorContext,
    changed: () => void,
    known: boolean,
  ) {
    this.id = id;
    this.#journal = new InstanceJournal(document, id, (thrown, attempt) => this.#writeRefused(thrown, attempt));
    this.#context = context;
    this.#changed = changed;
    this.#known = known;
  }

  get phase(): Phase {
    return this.#phase === "running" && this.#run?.judgement?.healthy === false ? "unhealthy" : this.#phase;
  }

  get reason(): string | undefined {
    if (this.#reason) return this.#reason;
    return this.phase === "unhealthy" ? this.#run?.judgement?.message : this.#record?.reason;
  }

  /** Text of its health. */
  get healthMessage(): string {
    if (this.#run && this.unseen === undefined) {
      return this.#run.judgement?.message ?? "Running, not yet proven healthy";
    }
    return this.reason ?? this.#phase;
  }

  /** Why nobody can tell whether the run that goes on, as far as is known, does so; `undefined` while it can be seen. */
  get unseen(): string | undefined {
    const runtime = this.#run?.runtime ?? (this.#isUnasked ? this.#recordedRuntime : undefined);
    return runtime && this.#context.unusable(runtime);
  }

  get view(): InstanceView {
    const record = this.#record;
    const completed = record !== undefined && isCompleted(record);
    const run = this.unseen === undefined ? this.#run : undefined;
    return {
      healthy: completed || (this.#phase === "running" && run?.healthy === true),
      trouble: this.#run || completed || !record?.ended ? undefined : record.reason,
      complaint: run?.complaint,
      watchedSince: run?.watchedSince,
    };
  }

  /** The run that goes on, or the last one, and its runtime where that is loaded. */
  get run(): { readonly handle: Handle; readonly runtime: Runtime | undefined } | undefined {
    if (this.#run) return this.#run;
    const handle = this.#record?.handle;
    return handle && { handle, runtime: this.#recordedRuntime };
  }

  /** Whether a run of it goes on. */
  get running(): boolean {
    return this.#run !== undefined && this.#run.ended === undefined;
  }

  /** Whether it is known what became of the run that an earlier agent may have left. */
  get recovered(): boolean {
    return this.#known;
  }

  start(): void {
    this.#loop = this.#supervise();
  }

  /** Looks at the document again. */
  nudge(): void {
    this.#preparation.review();
    this.#wake.fire();
  }

  /** Ends the supervision and leaves the unit as it is. Resolves when the call under way has ended. */
  async detach(): Promise<void> {
    this.#detached.abort();
    this.#preparation.giveUp();
    this.#run?.release();
    this.#wake.fire();
    await this.#loop;
  }

  /**
   * Stops the unit without a change of what is declared: the next agent starts it again. Only after `detach`.
   *
   * @returns why it could not be stopped; then the next agent finds it
   */
  async stopDetached(): Promise<string | undefined> {
    const record = this.#record;
    if (!record || this.#run?.ended) return undefined;
    if (!this.#run) return this.#isUnasked ? `${this.id}: nobody knows whether it runs: ${this.reason}` : undefined;
    try {
      await this.#journal.intendStop();
      const result = await this.#run.runtime.stop(this.#run.handle, this.#stopOptions(record));
      if (result.survivors.length > 0) return `${this.id}: still there: ${result.survivors.join(", ")}`;
      await this.#journal.recordEnd(this.#end("stopped", result.status));
      return undefined;
    } catch (thrown) {
      return `${this.id}: ${errorSentences(thrown)}`;
    }
  }

  get #record(): InstanceRecord | undefined {
    return this.#journal.record;
  }

  async #supervise(): Promise<void> {
    while (!this.#detached.signal.aborted) {
      // Whoever woke it until here is heard: the record is read only now. Who does so during the step is not forgotten.
      this.#wake.clear();
      const record = this.#record;
      if (!record) return;
      try {
        await this.#step(record);
      } catch (thrown) {
        if (this.#detached.signal.aborted) break;
        await this.#trouble(errorSentences(thrown), isRuntimeUnavailable(thrown));
      }
    }
    this.#run?.release();
  }

  async #step(record: InstanceRecord): Promise<void> {
    if (this.#run && !this.#run.ended && !this.#context.runtimes.has(this.#run.runtime)) this.#letGo();
    if (!this.#known) return this.#recover(record);
    const run = this.#run;
    if (run?.ended) return this.#recordEnd(this.#end(this.#howEnded(record), run.ended));
    if (this.unseen !== undefined) return this.#awaitSight(record, this.unseen);
    if (run?.lost) return this.#reAsk(run);
    if (run) {
      if (record.target !== "running" || record.intent.stopping) return this.#stop(record, run);
      if (this.#isStale(record)) return this.#replace(record, run);
      return this.#idle("running");
    }
    if (record.target === "removed") return this.#remove(record);
    if (record.target !== "running") return this.#idle("stopped");
    if (this.#isStale(record)) return this.#intendAnew();
    if (record.ended?.final) return this.#idle(record.ended.phase);
    const waitMs = this.#untilNextStart(record);
    if (waitMs > 0) return this.#idle(record.ended?.phase === "failed" ? "failed" : "backoff", undefined, waitMs);
    return this.#begin(record);
  }

  /** After a restart of the agent: what became of the run that was intended or recorded? */
  async #recover(record: InstanceRecord): Promise<void> {
    const holder = holderOf(this.#context, this.#journal.document, record);
    if (holder === undefined) {
      this.#known = true;
      return;
    }
    if (this.unseen !== undefined) return this.#awaitSight(record, this.unseen);
    const asked = namedRuntime(this.#context, holder);
    if ("waits" in asked) {
      return this.#awaitRuntime(record.target === "running" ? "pending" : "stopping", asked.waits);
    }
    const { runtime } = asked;
    const recorded = record.handle?.run === record.intent.run ? record.handle : undefined;
    const request = instanceRequest(this.#journal.document, record, this.#context.identity);
    const found = await this.#context.limits.recover(runtime, () => runtime.recover(request, recorded));
    this.#known = true;
    if (found.state === "adopted") {
      this.#adopt(runtime, found.handle, record);
      if (!sameHandle(found.handle, recorded)) await this.#journal.recordStart(runtime.name, found.handle);
      this.#enter("running");
    } else if (found.state === "exited") {
      await this.#recordEnd({ ...this.#end(this.#howEnded(record), found.status), handle: found.handle }, runtime);
    } else if (recorded) {
      const status = unknownExit("the runtime no longer knows the run");
      await this.#recordEnd({ ...this.#end(this.#howEnded(record), status), handle: recorded }, runtime);
    }
  }

  /** What cannot be seen is taken for what it was, and left alone. */
  async #awaitSight({ target, intent }: InstanceRecord, reason: string): Promise<void> {
    const phase = target === "running" && !intent.stopping ? "running" : "stopping";
    await this.#awaitRuntime(phase, `cannot be seen: ${reason}; last known running`);
    // Whoever gives it a time to become healthy can expect that only of what is seen.
    if (this.#run) this.#run.watchedSince = this.#context.now();
  }

  async #reAsk(run: LiveRun): Promise<void> {
    this.#letGo();
    await this.#trouble(`the watch of the run failed: ${run.lost}`);
  }

  /** Forgets what is believed of the run, so that the runtime is asked again. */
  #letGo(): void {
    this.#run?.release();
    this.#run = undefined;
    this.#known = false;
  }

  async #begin(record: InstanceRecord): Promise<void> {
    const next = nextRuntime(this.#context, this.#journal.document, record);
    if ("waits" in next) return this.#awaitRuntime("pending", next.waits);
    const { runtime } = next;
    if (!(await this.#moveTo(runtime, record))) return;
    const isWanted = (): boolean => this.#isWanted() && this.#context.unusable(runtime) === undefined;
    const request = instanceRequest(this.#journal.document, record, this.#context.identity);
    const prepared = await this.#context.limits.prepare(runtime, async () => {
      if (!isWanted()) return false;
      this.#enter("preparing");
      try {
        return await this.#prepare(runtime, request, isWanted);
      } catch (thrown) {
        if (isRuntimeUnavailable(thrown)) throw thrown;
        await this.#recordEnd(this.#end("not_started", unknownExit(errorSentences(thrown))));
        return false;
      }
    });
    if (!prepared) return;
    await this.#context.limits.start(runtime, async () => {
      if (!isWanted()) return;
      this.#enter("starting");
      let handle: Handle;
      try {
        handle = await runtime.start(request);
      } catch (thrown) {
        return this.#startFailed(runtime, request, thrown);
      }
      await this.#started(runtime, handle, record);
    });
  }

  /** Never longer than the longest delay, whatever has happened to the clock. */
  #untilNextStart({ next_start_at, revision }: InstanceRecord): number {
    if (!next_start_at) return 0;
    const { restart } = settingsOf(this.#journal.specOf(revision));
    const waitMs = Date.parse(next_start_at) - this.#context.now().getTime();
    return Math.min(waitMs, longestDelayMs(restart));
  }

  /** @returns whether the intended run is the runtime's, durably, and nothing is left with one that served before */
  async #moveTo(runtime: Runtime, record: InstanceRecord): Promise<boolean> {
    const earlier = earlierRuntimes(record).filter((name) => name !== runtime.name);
    if (earlier.length === 0 && record.intent.runtime !== undefined) return true;
    for (const name of earlier) {
      const asked = namedRuntime(this.#context, name);
      if ("waits" in asked) {
        await this.#awaitRuntime("pending", asked.waits);
        return false;
      }
      await this.#removeFrom(asked.runtime, record);
    }
    await this.#journal.intendWith(runtime.name);
    return true;
  }

  #removeFrom(runtime: Runtime, record: InstanceRecord): Promise<void> {
    return removeUnit(runtime, this.#context.identity.owner, record, this.#stopOptions(record));
  }

  #isWanted(): boolean {
    const record = this.#record;
    return !this.#detached.signal.aborted && record?.target === "running" && !this.#isStale(record);
  }

  #prepare(runtime: Runtime, request: Instance, isWanted: () => boolean): Promise<boolean> {
    return this.#preparation.run(runtime, request, (text) => this.#report(text), isWanted);
  }

  async #started(runtime: Runtime, handle: Handle, record: InstanceRecord): Promise<void> {
    this.#adopt(runtime, handle, record, new Date().toISOString());
    await this.#journal.recordStart(runtime.name, handle);
    this.#enter("running");
    this.#publish("instance.running", `run ${handle.run} started`);
  }

  /** A start that failed may have left a unit behind all the same: only the runtime knows. */
  async #startFailed(runtime: Runtime, request: Instance, thrown: unknown): Promise<void> {
    this.#known = false;
    if (isRuntimeUnavailable(thrown)) throw thrown;
    const found = await this.#context.limits.recover(runtime, () => runtime.recover(request, undefined));
    this.#known = true;
    const record = this.#record;
    if (found.state === "adopted" && record) return this.#started(runtime, found.handle, record);
    if (found.state === "exited") {
      return this.#recordEnd({ ...this.#end("died", found.status), handle: found.handle }, runtime);
    }
    await this.#recordEnd(this.#end("not_started", unknownExit(errorSentences(thrown))), runtime);
  }

  async #stop(record: InstanceRecord, run: LiveRun): Promise<void> {
    this.#enter("stopping");
    if (!record.intent.stopping) await this.#journal.intendStop();
    await this.#stopped(await run.runtime.stop(run.handle, this.#stopOptions(record)));
  }

  async #stopped(result: StopResult): Promise<void> {
    if (result.survivors.length > 0) {
      return this.#trouble(`could not be ended, still there: ${result.survivors.join(", ")}`);
    }
    await this.#recordEnd(this.#end("stopped", result.status));
  }

  /** A running instance is to run something else: all that takes time is done before the old run is stopped. */
  async #replace(record: InstanceRecord, run: LiveRun): Promise<void> {
    const spec = this.#journal.specOf(record.revision);
    const next = nextRuntime(this.#context, this.#journal.document, record, record.revision);
    if ("waits" in next) return this.#awaitRuntime("running", `cannot change to ${spec.version}: ${next.waits}`);
    const { runtime } = next;
    const request = instanceOf(spec, this.id, record.intent.run + 1, this.#context.identity);
    const isWanted = (): boolean =>
      this.#record?.target === "running" &&
      this.#record.revision === record.revision &&
      this.#context.unusable(runtime) === undefined;
    let prepared: boolean;
    try {
      prepared = await this.#prepare(runtime, request, isWanted);
    } catch (thrown) {
      const message = `cannot change to ${spec.version}, the old run goes on: ${errorSentences(thrown)}`;
      throw isRuntimeUnavailable(thrown) ? runtimeUnavailable(message) : new Error(message);
    }
    if (prepared) await this.#stop(record, run);
  }

  async #remove(record: InstanceRecord): Promise<void> {
    this.#enter("stopping");
    for (const asked of allHolders(this.#context, this.#journal.document, record)) {
      if ("waits" in asked) return this.#awaitRuntime("stopping", asked.waits);
      await this.#removeFrom(asked.runtime, record);
    }
    await this.#journal.remove();
    this.#publish("instance.removed");
    this.#changed();
  }

  async #intendAnew(): Promise<void> {
    this.#enter("pending");
    await this.#journal.intendAnew();
  }

  #adopt(runtime: Runtime, handle: Handle, record: InstanceRecord, startedAt = handle.startedAt): void {
    const run: LiveRun = new LiveRun(runtime, handle, this.#context.now(), () => {
      if (run.ended || run.lost) this.#wake.fire();
      this.#changed();
    });
    this.#run = run;
    run.watch(this.#journal.specOf(record.intent.revision), this.#context.judge, startedAt);
  }

  async #recordEnd(end: RunEnd, runtime = this.#run?.runtime): Promise<void> {
    const logCursor = end.handle && runtime ? await runtime.logCursor(end.handle).catch(() => null) : null;
    const wasLooping = isCrashLooping(this.#record?.deaths ?? [], end.now);
    await this.#journal.recordEnd({ ...end, runtime: runtime?.name, logCursor });
    this.#run?.release();
    this.#run = undefined;
    this.#reason = undefined;
    this.#publish(end.how === "not_started" ? "instance.failed" : "instance.exited", describeEnd(end));
    if (!wasLooping && isCrashLooping(this.#record?.deaths ?? [], end.now)) {
      this.#publish("instance.crash_looping", "died 5 times within 10 minutes; it is still retried");
    }
    this.#changed();
  }

  /** What ends after its end was asked for has been stopped, also when an agent died in between. */
  #howEnded(record: InstanceRecord): RunEnd["how"] {
    return record.target !== "running" || record.intent.stopping || this.#isStale(record) ? "stopped" : "died";
  }

  #end(how: RunEnd["how"], status: RunEnd["status"]): RunEnd {
    const run = this.#run;
    return {
      how,
      status,
      handle: run?.handle,
      runtime: run?.runtime.name,
      healthySince: run?.healthySince,
      logCursor: null,
      now: this.#context.now(),
    };
  }

  async #writeRefused(thrown: unknown, attempt: number): Promise<void> {
    if (this.#detached.signal.aborted) throw thrown;
    this.#enter(this.#phase, `its state cannot be written: ${errorText(thrown)}`);
    await this.#wake.wait(retryDelayMs(attempt));
  }

  /** Shows what went wrong, and waits before the next try. */
  async #trouble(reason: string, unreached = false): Promise<void> {
    const waitMs = this.#troubles.add(this.#context.now(), unreached);
    if (this.#reason !== reason) this.#publish("instance.trouble", reason);
    this.#enter(this.#phase, reason);
    await this.#wake.wait(waitMs);
  }

  /** Until something changes. What went wrong before then counts no more. */
  async #awaitRuntime(phase: Phase, reason: string): Promise<void> {
    this.#troubles.forget();
    await this.#idle(phase, reason);
  }

  async #idle(phase: Phase, reason?: string, ms?: number): Promise<void> {
    this.#enter(phase, reason);
    await this.#wake.wait(ms);
  }

  #enter(phase: Phase, reason?: string): void {
    if (this.#phase === phase && this.#reason === reason) return;
    const moved = this.#phase !== phase;
    this.#phase = phase;
    this.#reason = reason;
    if (moved) this.#publish("instance.phase", phase);
    this.#changed();
  }

  #report(text: string): void {
    if (this.#reason === text) return;
    this.#reason = text;
    this.#changed();
  }

  #publish(type: string, message?: string): void {
    const { app } = this.#journal.document;
    this.#context.publish({ type, app, instance_id: this.id, ...(message === undefined ? {} : { message }) });
  }

  #isStale(record: InstanceRecord): boolean {
    return this.#journal.isStale(record);
  }

  /** Of the version that runs; the newest, where that would make the same unit. */
  #stopOptions(record: InstanceRecord): { signal: string; graceMs: number } {
    const revision = this.#isStale(record) ? record.intent.revision : record.revision;
    return settingsOf(this.#journal.specOf(revision)).stop;
  }

  /** Whether a run was started, as the record says, and nobody has told yet what became of it. */
  get #isUnasked(): boolean {
    return !this.#known && this.#record?.handle?.run === this.#record?.intent.run;
  }

  get #recordedRuntime(): Runtime | undefined {
    const name = this.#record?.runtime;
    return name === undefined ? undefined : this.#context.runtimes.named(name);
  }
}

function sameHandle(a: Handle, b: Handle | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
