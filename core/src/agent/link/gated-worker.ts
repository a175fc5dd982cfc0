import { errorText } from "@damson/plugin-sdk";
import { Wake } from "../wake.ts";

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/** Work that went well for this long ends a series of failures. */
const SETTLED_MS = 60_000;

/** Milliseconds before try number `attempt` (from 1): doubles from 1 s to 30 s, ±20 %. */
export function linkRetryMs(attempt: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(attempt - 1, 10), LAST_RETRY_MS) * (0.8 + 0.4 * Math.random());
}

/** What a {@link GatedWorker} does. */
export interface GatedWork {
  /** Does all that there is to do. Thrown: it is done again, with back-off. */
  work(signal: AbortSignal): Promise<void>;
  failed(reason: string, attempt: number): void;
  /** Waited before the work begins, so that more of it is done at once. @default 0 */
  readonly collectMs?: number;
}

/** Does its work when it is poked and its gate is open; pokes that come while it is closed count when it opens. */
export class GatedWorker {
  readonly #wake = new Wake();
  readonly #reopened = new Wake();
  readonly #work: GatedWork;
  #open = false;

  constructor(work: GatedWork) {
    this.#work = work;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  poke(): void {
    this.#wake.fire();
  }

  /** Opens the gate, and has the work done at once, also when it waits for its next try. */
  open(): void {
    this.#open = true;
    this.#reopened.fire();
    this.#wake.fire();
  }

  close(): void {
    this.#open = false;
  }

  /** Resolves when the signal has aborted and the work under way has ended. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => this.open(), { once: true });
    const { collectMs = 0 } = this.#work;
    for (let failures = 0; !signal.aborted; ) {
      if (failures === 0) await this.#wake.wait();
      else await this.#reopened.wait(linkRetryMs(failures));
      if (signal.aborted || !this.#open) continue;
      // Not unref'd: whoever stops the link waits for this, and a process in which nothing else is left would just end.
      if (collectMs > 0) await new Promise((resolve) => setTimeout(resolve, collectMs));
      const begun = performance.now();
      this.#reopened.clear();
      this.#wake.clear();
      try {
        await this.#work.work(signal);
        failures = 0;
      } catch (thrown) {
        if (signal.aborted) return;
        failures = performance.now() - begun > SETTLED_MS ? 1 : failures + 1;
        this.#work.failed(errorText(thrown), failures);
      }
    }
  }
}
