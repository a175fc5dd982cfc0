/** The time of leases. Only tests have reason to bring another. */
export interface StoreClock {
  /** Milliseconds from any beginning; never goes back. */
  now(): number;
  /** Calls `run` every `ms` until the function that it returns is called. */
  every(ms: number, run: () => void): () => void;
}

/** The machine's. It stands still while the machine is suspended. */
export const SYSTEM_CLOCK: StoreClock = {
  now: () => performance.now(),
  every(ms, run) {
    const timer = setInterval(run, ms).unref();
    return () => clearInterval(timer);
  },
};
