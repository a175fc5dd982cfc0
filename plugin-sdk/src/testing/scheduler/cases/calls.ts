import { expect } from "vitest";
import type { PlacementRequest } from "../../../scheduler/scheduler.ts";
import { countsOf, node, nodes, request, snapshot } from "../samples.ts";
import type { SchedulerCase } from "../scheduler-case.ts";

function ofOthers(count: number, changes: Partial<PlacementRequest> = {}): PlacementRequest {
  return request(count, { deployment: "blog", entry: "web", ...changes });
}

/** Several requests of one call. */
export const callCases: readonly SchedulerCase[] = [
  {
    name: "each request has its result, in their order",
    run(scheduler) {
      const results = scheduler.place(snapshot(nodes(2)), [request(3), ofOthers(0), ofOthers(1)]);
      expect(results.map(({ choices }) => choices.length)).toEqual([3, 0, 1]);
      expect(scheduler.place(snapshot(nodes(2)), [])).toEqual([]);
    },
  },
  {
    name: "a request finds what those before it left of the capacity",
    run(scheduler) {
      const resources = { cpu: 1, memory: 3 };
      const world = snapshot([node("a", { capacity: { cpu: 4, memory: 1_000 } })]);
      const results = scheduler.place(world, [request(3, { resources }), ofOthers(3, { resources })]);
      expect(results.map(({ choices }) => choices.length)).toEqual([3, 1]);
    },
  },
  {
    name: "a request finds the ports taken that those before it took",
    run(scheduler) {
      const ports = ["80/tcp"];
      const results = scheduler.place(snapshot(nodes(2)), [request(1, { ports }), ofOthers(2, { ports })]);
      const [first, second] = results.map(countsOf);
      expect([first, second]).toContainEqual({ "node-0": 1 });
      expect([first, second]).toContainEqual({ "node-1": 1 });
    },
  },
  {
    name: "a request finds the deployments that those before it have brought",
    run(scheduler) {
      const placement = { anti_affinity: { deployments: ["shop"] } };
      const [first, second] = scheduler.place(snapshot(nodes(2)), [request(1), ofOthers(2, { placement })]);
      const taken = Object.keys(countsOf(first));
      expect(second?.choices).toHaveLength(2);
      expect(second?.choices.map(({ nodeId }) => nodeId)).not.toContain(taken[0]);
    },
  },
  {
    name: "a request finds the instances of its own entry that those before it have placed",
    run(scheduler) {
      const placement = { anti_affinity: { max_per_node: 2 } };
      const asked = request(3, { placement, placed: { "node-0": 1 } });
      const otherEntry = request(5, { placement, entry: "worker" });
      const results = scheduler.place(snapshot(nodes(2)), [asked, asked, otherEntry]);
      expect(results.map(({ choices }) => choices.length)).toEqual([3, 0, 4]);
    },
  },
];
