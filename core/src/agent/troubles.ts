import { retryDelayMs } from "./backoff.ts";

/** Troubles further apart than this are not a series: the next try comes as soon as after a first one. */
const MEMORY_MS = 120_000;

/** Who cannot be reached, and may never have been told of as such, is tried again after 4 s at the latest. */
const LONGEST_UNREACHED = 5;

/** A series of things that went wrong, and how long to wait after each. */
export class Troubles {
  #count = 0;
  #last = 0;

  /**
   * One more.
   *
   * @param unreached whether nothing was wrong but that a runtime could not be reached
   * @returns milliseconds before the next try
   */
  add(now: Date, unreached: boolean): number {
    const ms = now.getTime();
    this.#count = ms - this.#last > MEMORY_MS ? 1 : this.#count + 1;
    this.#last = ms;
    return retryDelayMs(unreached ? Math.min(this.#count, LONGEST_UNREACHED) : this.#count);
  }

  forget(): void {
    this.#count = 0;
  }
}
