import { expect } from "vitest";
import type { Placement } from "../../../scheduler/placement.ts";
import type { Scheduler } from "../../../scheduler/scheduler.ts";
import { countsOf, node, nodes, placeOne, request, snapshot } from "../samples.ts";
import type { SchedulerCase } from "../scheduler-case.ts";

function expectEven(scheduler: Scheduler, placement: Placement): void {
  const counts = countsOf(
    placeOne(scheduler, snapshot(nodes(4, { capacity: { cpu: 64 } })), request(10, { placement })),
  );
  expect(Object.values(counts).sort()).toEqual([2, 2, 3, 3]);
}

/** Which of the nodes that can take it an instance goes to. */
export const strategyCases: readonly SchedulerCase[] = [
  {
    name: "spread puts as many on each node as can be, give or take one",
    run: (scheduler) => expectEven(scheduler, { strategy: "spread" }),
  },
  { name: "without a strategy they are spread", run: (scheduler) => expectEven(scheduler, {}) },
  {
    name: "spread counts the instances that stay where they are",
    run(scheduler) {
      const result = placeOne(scheduler, snapshot(nodes(3)), request(4, { placed: { "node-1": 2 } }));
      expect(countsOf(result)).toEqual({ "node-0": 2, "node-2": 2 });
    },
  },
  {
    name: "spread_by makes the values of the label even first",
    run(scheduler) {
      const world = snapshot([
        ...nodes(4, { labels: { zone: "large" } }),
        node("alone", { labels: { zone: "small" } }),
        node("nowhere"),
      ]);
      const result = placeOne(scheduler, world, request(8, { placement: { anti_affinity: { spread_by: "zone" } } }));
      const { alone, nowhere = 0, ...large } = countsOf(result);
      expect(Object.values(large)).toEqual([1, 1, 1, 1]);
      expect([alone, nowhere]).toEqual([4, 0]);
    },
  },
  {
    name: "binpack takes as few nodes as can be",
    run(scheduler) {
      const world = snapshot(nodes(6, { capacity: { cpu: 4 } }));
      const asked = request(9, { resources: { cpu: 1 }, placement: { strategy: "binpack" } });
      expect(Object.values(countsOf(placeOne(scheduler, world, asked))).sort()).toEqual([1, 4, 4]);
    },
  },
  {
    name: "binpack takes the node that is fuller",
    run(scheduler) {
      const world = snapshot([
        node("empty", { capacity: { cpu: 8 } }),
        node("fuller", { capacity: { cpu: 8 }, used: { cpu: 4 }, instances: 1 }),
        node("full", { capacity: { cpu: 8 }, used: { cpu: 8 }, instances: 2 }),
      ]);
      const asked = request(3, { resources: { cpu: 1 }, placement: { strategy: "binpack" } });
      expect(countsOf(placeOne(scheduler, world, asked))).toEqual({ fuller: 3 });
    },
  },
  {
    name: "among nodes alike, one that affinity wishes for is taken",
    run(scheduler) {
      const world = snapshot([...nodes(5), node("wished", { labels: { disk: "ssd" } }), ...nodes(9).slice(5)]);
      for (const strategy of ["spread", "binpack"] as const) {
        const placement = { strategy, affinity: [{ label: "disk", values: ["ssd"] }] };
        expect(countsOf(placeOne(scheduler, world, request(1, { placement })))).toEqual({ wished: 1 });
      }
    },
  },
  {
    name: "among nodes alike, one that affinity has a negative weight for is taken last",
    run(scheduler) {
      const world = snapshot([node("unwished", { labels: { disk: "hdd" } }), ...nodes(3)]);
      const placement = { affinity: [{ label: "disk", values: ["hdd"], weight: -10 }] };
      const result = placeOne(scheduler, world, request(3, { placement }));
      expect(countsOf(result)).toEqual({ "node-0": 1, "node-1": 1, "node-2": 1 });
    },
  },
];
