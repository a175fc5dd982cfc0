import { expect } from "vitest";
import { node, nodes, request, snapshot } from "../samples.ts";
import type { SchedulerCase } from "../scheduler-case.ts";

const WORLD = snapshot([node("a", { capacity: { cpu: 4 }, ports: ["80/tcp"] }), ...nodes(8)], { a: ["blog"] });
const ASKED = [
  request(5, { resources: { cpu: 1 }, placed: { a: 1 } }),
  request(3, { deployment: "blog", ports: ["80/tcp"] }),
];

/** A pure function. */
export const purityCases: readonly SchedulerCase[] = [
  {
    name: "the same arguments have the same result, whatever was placed between",
    run(scheduler) {
      const first = structuredClone(scheduler.place(WORLD, ASKED));
      scheduler.place(snapshot(nodes(3)), [request(7)]);
      expect(scheduler.place(structuredClone(WORLD), structuredClone(ASKED))).toEqual(first);
    },
  },
  {
    name: "the arguments are left as they are",
    run(scheduler) {
      const before = structuredClone([WORLD, ASKED]);
      const given: [typeof WORLD, typeof ASKED] = [structuredClone(WORLD), structuredClone(ASKED)];
      scheduler.place(...given);
      expect(given).toEqual(before);
    },
  },
];
