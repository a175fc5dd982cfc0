/** Longest delay that a timer takes; who waits longer looks at the clock again after it. */
export const MAX_TIMER_MS = 2_147_483_647;

/** Lets one waiter sleep until it is woken or a time has passed. A wake-up that comes while nobody waits is kept. */
export class Wake {
  #fired = false;
  #resolve: (() => void) | undefined;

  fire(): void {
    this.#fired = true;
    this.#resolve?.();
  }

  /** Forgets a wake-up that came while nobody waited. */
  clear(): void {
    this.#fired = false;
  }

  /** @param ms longest wait; without it, until woken */
  async wait(ms?: number): Promise<void> {
    if (!this.#fired) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
        if (ms !== undefined) timer = setTimeout(resolve, Math.min(Math.max(ms, 0), MAX_TIMER_MS)).unref();
      });
      clearTimeout(timer);
      this.#resolve = undefined;
    }
    this.#fired = false;
  }
}
