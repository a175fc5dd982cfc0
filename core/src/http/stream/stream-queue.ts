import { addAbortListener } from "node:events";
import { DamsonError } from "@damson/plugin-sdk";

/** Between a publisher, which never waits, and one reader, which may be slow. Ends when its signal aborts. */
export class StreamQueue<T> implements AsyncIterable<T> {
  readonly #limit: number;
  readonly #signal: AbortSignal;
  #items: T[] = [];
  #overflown = false;
  #wake: () => void = () => undefined;

  /** `limit`: most items that may wait. @default 1000 */
  constructor(signal: AbortSignal, limit = 1_000) {
    this.#signal = signal;
    this.#limit = limit;
  }

  /** Adds an item. One too many, and the reader is given what waits, and then the error. */
  push(item: T): void {
    if (this.#overflown || this.#signal.aborted) return;
    if (this.#items.length >= this.#limit) this.#overflown = true;
    else this.#items.push(item);
    this.#wake();
  }

  /** @throws DamsonError `STREAM_TOO_SLOW` (503) when the reader has fallen too far behind. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    using _ = addAbortListener(this.#signal, () => this.#wake());
    while (!this.#signal.aborted) {
      const items = this.#items;
      this.#items = [];
      yield* items;
      if (this.#items.length > 0) continue;
      if (this.#overflown) throw this.#tooSlow();
      if (!this.#signal.aborted) await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #tooSlow(): DamsonError {
    return new DamsonError("STREAM_TOO_SLOW", `The reader fell more than ${this.#limit} items behind`, {
      status: 503,
      retryable: true,
      remedy: "Connect again with the id of the last event that was received.",
    });
  }
}
