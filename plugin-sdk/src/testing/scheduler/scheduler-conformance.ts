import { describe, it } from "vitest";
import type { Scheduler } from "../../scheduler/scheduler.ts";
import { SCHEDULER_CASES } from "./scheduler-cases.ts";

/**
 * Registers the conformance suite of schedulers as vitest tests: what `Scheduler` and `Placement` promise, in the same
 * words for every scheduler, on small snapshots and on some hundred random ones. Call it at the top of a test file.
 *
 * @param name - The scheduler's name, for the report.
 * @param makeScheduler - Called once, when tests are collected.
 *
 * @example
 * schedulerConformance("default", () => createScheduler());
 */
export function schedulerConformance(name: string, makeScheduler: () => Scheduler): void {
  describe(`scheduler ${name} keeps to the contract`, () => {
    const scheduler = makeScheduler();
    for (const [theme, cases] of Object.entries(SCHEDULER_CASES)) {
      describe(theme, () => {
        for (const { name, run } of cases) it(name, () => run(scheduler));
      });
    }
  });
}
