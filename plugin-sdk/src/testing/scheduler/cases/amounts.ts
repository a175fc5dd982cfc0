import { expect } from "vitest";
import type { Scheduler } from "../../../scheduler/scheduler.ts";
import { countsOf, node, placeOne, request, snapshot } from "../samples.ts";
import type { SchedulerCase } from "../scheduler-case.ts";

function expectAllRoomUsed(scheduler: Scheduler, strategy: "spread" | "binpack"): void {
  const world = snapshot([
    node("a", { capacity: { cpu: 1 } }),
    node("b", { capacity: { cpu: 5 } }),
    node("c", { cordoned: true }),
    node("d", { capacity: { cpu: 2.5 } }),
  ]);
  for (const count of [8, 100]) {
    const result = placeOne(scheduler, world, request(count, { resources: { cpu: 1 }, placement: { strategy } }));
    expect(countsOf(result)).toEqual({ a: 1, b: 5, d: 2 });
  }
}

/** How many are placed. */
export const amountCases: readonly SchedulerCase[] = [
  {
    name: "as many as fit are placed, on nodes that differ, with spread",
    run: (scheduler) => expectAllRoomUsed(scheduler, "spread"),
  },
  {
    name: "as many as fit are placed, on nodes that differ, with binpack",
    run: (scheduler) => expectAllRoomUsed(scheduler, "binpack"),
  },
  {
    name: "no more are placed than were asked for",
    run(scheduler) {
      const world = snapshot([node("a"), node("b")]);
      for (const count of [0, 1, 7]) {
        expect(placeOne(scheduler, world, request(count)).choices).toHaveLength(count);
      }
    },
  },
  {
    name: "without nodes nothing is placed",
    run(scheduler) {
      expect(placeOne(scheduler, snapshot([]), request(2))).toMatchObject({ choices: [], evaluated: 0, rejected: [] });
    },
  },
];
