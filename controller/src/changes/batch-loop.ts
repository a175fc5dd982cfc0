import { setTimeout as delay } from "node:timers/promises";
import { errorText, type Logger } from "@damson/plugin-sdk";

const RETRY_MS = 500;
const RETRY_MAX_MS = 30_000;

/** How a {@link BatchLoop} works. */
export interface BatchLoopOptions {
  /** For the log, e.g. `Endpoints that go`. */
  readonly name: string;
  /** Most ids that `work` is given at once. */
  readonly size: number;
  /** Does what is due for these ids, if anything still is. It may be called again with the same ones. */
  readonly work: (ids: readonly string[]) => Promise<unknown>;
  readonly log: Logger;
}

/** Works off ids in batches, one batch at a time. What fails is tried again, with back-off and jitter. */
export class BatchLoop {
  readonly #options: BatchLoopOptions;
  readonly #waiting = new Set<string>();
  readonly #end = new AbortController();
  #working: Promise<void> | undefined;
  #started = false;

  constructor(options: BatchLoopOptions) {
    this.#options = options;
  }

  /** An id that is added while its batch is under way is looked at once more. */
  add(id: string): void {
    if (this.#end.signal.aborted) return;
    this.#waiting.add(id);
    if (this.#started) this.#working ??= this.#run();
  }

  /** Begins with what has been added so far. */
  start(): void {
    this.#started = true;
    if (this.#waiting.size > 0) this.#working ??= this.#run();
  }

  /** Ends after the batch that is under way. */
  async close(): Promise<void> {
    this.#end.abort();
    await this.#working;
  }

  async #run(): Promise<void> {
    // What the same change adds belongs into one batch.
    await Promise.resolve();
    const { signal } = this.#end;
    for (let failures = 0; this.#waiting.size > 0 && !signal.aborted; ) {
      const batch = [...this.#waiting].slice(0, this.#options.size);
      for (const id of batch) this.#waiting.delete(id);
      try {
        await this.#options.work(batch);
        failures = 0;
      } catch (thrown) {
        for (const id of batch) this.#waiting.add(id);
        failures += 1;
        this.#options.log.warn(`${this.#options.name}: tried again: ${errorText(thrown)}`);
        const ms = Math.min(RETRY_MS * 2 ** (failures - 1), RETRY_MAX_MS) * (0.8 + 0.4 * Math.random());
        await delay(ms, undefined, { signal }).catch(() => undefined);
      }
    }
    this.#working = undefined;
  }
}
