import { setTimeout as delay } from "node:timers/promises";

/** Waits are cut into pieces of this, so that whoever watches over them sees that they are no stall. */
const PIECE_MS = 5_000;

/** A bound on bytes per second, shared by all who take from it. */
export class RateLimit {
  readonly #bytesPerMs: number;
  /** When what was taken so far has had its time, by the monotonic clock. */
  #freeAt = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1_000;
  }

  /**
   * Waits until these bytes have had their time, after those that others took before.
   *
   * @param waiting called again and again meanwhile
   */
  async take(bytes: number, waiting: () => void, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    this.#freeAt = Math.max(now, this.#freeAt) + bytes / this.#bytesPerMs;
    const until = this.#freeAt;
    for (let left = until - now; left > 0; left = until - performance.now()) {
      await delay(Math.min(left, PIECE_MS), undefined, { signal, ref: false });
      waiting();
    }
  }
}
