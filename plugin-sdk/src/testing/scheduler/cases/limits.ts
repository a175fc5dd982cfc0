import { expect } from "vitest";
import { countsOf, node, nodes, placeOne, request, snapshot } from "../samples.ts";
import type { SchedulerCase } from "../scheduler-case.ts";

const MIB = 2 ** 20;

/** What a node has so much of, and no more. */
export const limitCases: readonly SchedulerCase[] = [
  {
    name: "no node is given more than its cores",
    run(scheduler) {
      const world = snapshot([node("a", { capacity: { cpu: 4 }, used: { cpu: 1.5 } })]);
      expect(countsOf(placeOne(scheduler, world, request(9, { resources: { cpu: 0.75 } })))).toEqual({ a: 3 });
    },
  },
  {
    name: "no node is given more than its memory",
    run(scheduler) {
      const world = snapshot([node("a", { capacity: { memory: 1_000 * MIB }, used: { memory: 300 * MIB } })]);
      expect(countsOf(placeOne(scheduler, world, request(9, { resources: { memory: 200 * MIB } })))).toEqual({ a: 3 });
    },
  },
  {
    name: "a resource that the node does not name is not limited, and one that is not asked for holds nothing back",
    run(scheduler) {
      const world = snapshot([node("a", { capacity: { cpu: 1 }, used: { cpu: 2 } })]);
      expect(countsOf(placeOne(scheduler, world, request(5, { resources: { memory: 99 * MIB } })))).toEqual({ a: 5 });
    },
  },
  {
    name: "fractions of a core fill it up: three tenths fit into 0.3",
    run(scheduler) {
      for (const tenths of [3, 7, 10]) {
        const world = snapshot([node("a", { capacity: { cpu: tenths / 10 } })]);
        expect(countsOf(placeOne(scheduler, world, request(20, { resources: { cpu: 0.1 } })))).toEqual({ a: tenths });
      }
    },
  },
  {
    name: "no port is given that the node has given before",
    run(scheduler) {
      const world = snapshot([node("a", { ports: ["53/udp", "80/tcp"] }), node("b", { ports: ["80/udp"] })]);
      expect(countsOf(placeOne(scheduler, world, request(1, { ports: ["443/tcp", "80/tcp"] })))).toEqual({ b: 1 });
    },
  },
  {
    name: "instances of one request do not share a port",
    run(scheduler) {
      const result = placeOne(scheduler, snapshot(nodes(2)), request(5, { ports: ["80/tcp"] }));
      expect(countsOf(result)).toEqual({ "node-0": 1, "node-1": 1 });
    },
  },
  {
    name: "a deployment that must not be with itself gets one instance on a node",
    run(scheduler) {
      const placement = { anti_affinity: { deployments: ["shop"] } };
      const result = placeOne(scheduler, snapshot(nodes(3), { "node-1": ["shop"] }), request(9, { placement }));
      expect(countsOf(result)).toEqual({ "node-0": 1, "node-2": 1 });
    },
  },
  {
    name: "max_per_node counts the instances that stay where they are",
    run(scheduler) {
      const placement = { anti_affinity: { max_per_node: 3 } };
      const result = placeOne(
        scheduler,
        snapshot(nodes(3)),
        request(9, { placement, placed: { "node-1": 2, "node-2": 4 } }),
      );
      expect(countsOf(result)).toEqual({ "node-0": 3, "node-1": 1 });
    },
  },
];
