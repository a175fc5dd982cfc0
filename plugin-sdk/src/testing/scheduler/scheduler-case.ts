import type { Scheduler } from "../../scheduler/scheduler.ts";

/** One thing that the contract of schedulers says, and how it is shown. */
export interface SchedulerCase {
  /** A sentence of the contract. */
  readonly name: string;
  /** Throws when the scheduler does not keep to it. */
  run(scheduler: Scheduler): void;
}
