/** Leaves the place that was taken. */
export type Leave = () => void;

/** How {@link WaitingLine} lets in. */
export interface WaitingLineOptions {
  /** How many may be in at a time. */
  readonly places: number;
  /** Longest wait, in milliseconds. */
  readonly waitMs: number;
  /** Most that wait. */
  readonly length: number;
}

/** Lets in so many at a time; others wait in the order in which they came. */
export class WaitingLine {
  readonly #options: WaitingLineOptions;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(options: WaitingLineOptions) {
    this.#options = options;
  }

  /** Resolves with how to leave; `undefined` when there was no place in time, or the signal has aborted. */
  async enter(signal: AbortSignal): Promise<Leave | undefined> {
    const { places, waitMs, length } = this.#options;
    if (this.#taken >= places) {
      if (this.#waiting.size >= length || !(await this.#wait(AbortSignal.any([signal, AbortSignal.timeout(waitMs)])))) {
        return undefined;
      }
    } else {
      this.#taken += 1;
    }
    return () => this.#leave();
  }

  /** Whether a place was left to it. */
  #wait(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (entered: boolean): void => {
        this.#waiting.delete(enter);
        signal.removeEventListener("abort", giveUp);
        resolve(entered);
      };
      const enter = (): void => settle(true);
      const giveUp = (): void => settle(false);
      this.#waiting.add(enter);
      signal.addEventListener("abort", giveUp);
      if (signal.aborted) giveUp();
    });
  }

  #leave(): void {
    const [next] = this.#waiting;
    // The place goes from one to the next, so that nobody who comes now gets in before.
    if (next) next();
    else this.#taken -= 1;
  }
}
