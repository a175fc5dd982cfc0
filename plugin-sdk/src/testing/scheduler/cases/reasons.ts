import { expect } from "vitest";
import { node, placeOne, request, snapshot } from "../samples.ts";
import type { SchedulerCase } from "../scheduler-case.ts";

const WORLD = snapshot([
  node("cordoned", { cordoned: true }),
  node("wide", { capacity: { cpu: 16 } }),
  node("small", { capacity: { cpu: 1 } }),
  node("full", { capacity: { cpu: 2 }, used: { cpu: 1.5 } }),
]);
const ASKED = request(4, { resources: { cpu: 1 } });

/** What is said of a placement. */
export const reasonCases: readonly SchedulerCase[] = [
  {
    name: "every node that cannot take another instance is rejected, once, also when this request has filled it",
    run(scheduler) {
      const rejected = placeOne(scheduler, WORLD, ASKED).rejected.map(({ nodeId }) => nodeId);
      expect(rejected.sort()).toEqual(["cordoned", "full", "small"]);
    },
  },
  {
    name: "a request for none is told which nodes could not take one",
    run(scheduler) {
      const { choices, rejected } = placeOne(scheduler, WORLD, { ...ASKED, count: 0 });
      expect(choices).toEqual([]);
      expect(rejected.map(({ nodeId }) => nodeId).sort()).toEqual(["cordoned", "full"]);
    },
  },
  {
    name: "every rejection names its filter, and says why in words",
    run(scheduler) {
      const { rejected } = placeOne(scheduler, WORLD, ASKED);
      expect(rejected).not.toEqual([]);
      for (const { filter, reason } of rejected) {
        expect(filter).toMatch(/^\w/);
        expect(reason).toMatch(/\w.*\w/);
      }
    },
  },
  {
    name: "every choice has a score, and what it is made of",
    run(scheduler) {
      const { choices } = placeOne(scheduler, WORLD, ASKED);
      expect(choices).not.toEqual([]);
      for (const { score, parts } of choices) {
        expect(Object.keys(parts)).not.toEqual([]);
        for (const value of [score, ...Object.values(parts)]) expect(value).toSatisfy(Number.isFinite);
      }
    },
  },
  {
    name: "evaluated counts the nodes that were looked at",
    run(scheduler) {
      const { choices, evaluated, rejected } = placeOne(scheduler, WORLD, ASKED);
      const told = new Set([...choices, ...rejected].map(({ nodeId }) => nodeId));
      expect(evaluated).toBeGreaterThanOrEqual(told.size);
      expect(evaluated).toBeLessThanOrEqual(WORLD.nodes.length);
    },
  },
];
