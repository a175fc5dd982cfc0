import type { ExitStatus, Handle, Runtime } from "@damson/plugin-sdk";
import { errorText } from "@damson/plugin-sdk";
import type { HealthJudge, Judgement } from "./health.ts";
import type { AppSpec } from "./schema/apply.ts";

/**
 * A run that was started or adopted, watched until it ends: by its runtime for its end, by a judge for its health.
 * Calls `changed` whenever one of its fields has changed.
 */
export class LiveRun {
  readonly runtime: Runtime;
  readonly handle: Handle;
  /** When it was started, taken over from an earlier agent, or seen again after an outage of its runtime. */
  watchedSince: Date;
  /** How it ended, once it has. */
  ended: ExitStatus | undefined;
  /** Why it is not known whether it still runs: the runtime failed to watch it, and must be asked what became of it. */
  lost: string | undefined;
  healthySince: Date | undefined;
  #judgement: Judgement | undefined;
  #reported: Judgement | undefined;
  readonly #changed: () => void;
  readonly #watching = new AbortController();

  constructor(runtime: Runtime, handle: Handle, watchedSince: Date, changed: () => void) {
    this.runtime = runtime;
    this.handle = handle;
    this.watchedSince = watchedSince;
    this.#changed = changed;
  }

  /** The judgement that counts: what the unit's own system says against it wins; none yet means not proven. */
  get judgement(): Judgement | undefined {
    return this.#reported?.healthy === false ? this.#reported : this.#judgement;
  }

  /** What it is found unhealthy for, while it is. */
  get complaint(): string | undefined {
    return this.judgement?.healthy === false ? this.judgement.message : undefined;
  }

  get healthy(): boolean {
    return this.ended === undefined && this.judgement?.healthy === true;
  }

  /**
   * Begins to watch and to judge; both end with the run or with `release`.
   *
   * @param startedAt ISO 8601, by the agent's own clock where that is known: the runtime's may be another machine's
   */
  watch(spec: AppSpec, judge: HealthJudge, startedAt: string): void {
    void this.#watchEnd();
    void this.#watchHealth(spec, judge, startedAt);
  }

  /** Stops watching; the run goes on. */
  release(): void {
    this.#watching.abort();
  }

  async #watchEnd(): Promise<void> {
    const { signal } = this.#watching;
    try {
      for await (const event of this.runtime.watch(this.handle, signal)) {
        if (event.type === "exited") return this.#end(event.status);
        this.#reported = { healthy: event.healthy, message: event.message };
        this.#noteHealth();
      }
      if (!signal.aborted) this.#lose("the runtime stopped watching it");
    } catch (thrown) {
      if (!signal.aborted) this.#lose(errorText(thrown));
    }
  }

  async #watchHealth(spec: AppSpec, judge: HealthJudge, startedAt: string): Promise<void> {
    const { signal } = this.#watching;
    try {
      for await (const judgement of judge(spec, { ...this.handle, startedAt }, signal)) {
        this.#judgement = judgement;
        this.#noteHealth();
      }
    } catch (thrown) {
      if (signal.aborted) return;
      this.#judgement = { healthy: false, message: `health cannot be judged: ${errorText(thrown)}` };
      this.#noteHealth();
    }
  }

  #noteHealth(): void {
    if (this.healthy) this.healthySince ??= new Date();
    else this.healthySince = undefined;
    this.#changed();
  }

  /** A watch that fails is no evidence of an end. */
  #lose(reason: string): void {
    this.lost = reason;
    this.#watching.abort();
    this.#changed();
  }

  #end(status: ExitStatus): void {
    this.ended = status;
    this.#watching.abort();
    this.#changed();
  }
}
