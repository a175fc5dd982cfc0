import type { ExitStatus } from "./exit-status.ts";

/** How to stop a unit. */
export interface StopOptions {
  /** Sent first, to the whole process tree, e.g. `SIGTERM`. */
  readonly signal: string;
  /** Milliseconds until what still runs is killed. 0 kills at once. */
  readonly graceMs: number;
}

/** What a stop came to. */
export interface StopResult {
  /** How the run ended; for a unit that had ended before, how it ended then. */
  readonly status: ExitStatus;
  /** What could not be killed, each by name and id, e.g. `java (pid 812)`. Empty when all is gone. */
  readonly survivors: readonly string[];
}
