import type { PlacementRequest, SchedulerNode } from "@damson/plugin-sdk";
import fc from "fast-check";
import { expect, it } from "vitest";
import { requests, snapshots } from "./fixtures/arbitraries.ts";
import { countsOf, node, nodes, place, rangeOf, request } from "./fixtures/samples.ts";
import { createScheduler } from "./scheduler.ts";

const scheduler = createScheduler();

/** Which requests each node took, one for each instance. */
function tookOf(
  all: readonly SchedulerNode[],
  asked: readonly PlacementRequest[],
): [SchedulerNode, PlacementRequest[]][] {
  const results = scheduler.place({ nodes: all, deploymentsOn: {} }, asked);
  return all.map((one) => [
    one,
    asked.flatMap((request, index) =>
      (results[index]?.choices ?? []).filter(({ nodeId }) => nodeId === one.nodeId).map(() => request),
    ),
  ]);
}

it("no node is given more than it has", () => {
  fc.assert(
    fc.property(snapshots, requests, ({ nodes }, asked) => {
      for (const [{ capacity, used }, took] of tookOf(nodes, asked)) {
        for (const resource of ["cpu", "memory"] as const) {
          const given = took.reduce((sum, { resources }) => sum + (resources[resource] ?? 0), 0);
          if (given === 0) continue;
          const all = (used[resource] ?? 0) + given;
          expect(Number(all.toFixed(6))).toBeLessThanOrEqual(capacity[resource] ?? Number.POSITIVE_INFINITY);
        }
      }
    }),
  );
});

it("no port of a node is given twice", () => {
  fc.assert(
    fc.property(snapshots, requests, ({ nodes }, asked) => {
      for (const [{ ports }, took] of tookOf(nodes, asked)) {
        const given = took.flatMap((one) => one.ports);
        expect(new Set([...ports, ...given]).size).toBe(ports.length + given.length);
      }
    }),
  );
});

it("constraints hold for every node that is chosen", () => {
  fc.assert(
    fc.property(snapshots, requests, ({ nodes }, asked) => {
      for (const [{ nodeId, labels }, took] of tookOf(nodes, asked)) {
        for (const { label, operator = "in", values = [] } of took.flatMap(
          ({ placement }) => placement.constraints ?? [],
        )) {
          const value = label === "node.id" ? nodeId : labels[label];
          const among = value !== undefined && values.includes(value);
          const holds = { in: among, not_in: !among, exists: value !== undefined, not_exists: value === undefined };
          expect(holds[operator]).toBe(true);
        }
      }
    }),
  );
});

it("only healthy nodes that are not cordoned, not avoided and can run the type are chosen", () => {
  fc.assert(
    fc.property(snapshots, requests, ({ nodes }, asked) => {
      for (const [{ nodeId, health, cordoned, packageTypes }, took] of tookOf(nodes, asked)) {
        if (took.length > 0) expect([health, cordoned]).toEqual(["Healthy", false]);
        for (const { avoid, packageType } of took) {
          expect(avoid).not.toHaveProperty(nodeId);
          expect(packageTypes).toContain(packageType);
        }
      }
    }),
  );
});

it("when fewer are placed than were asked for, every node says why", () => {
  fc.assert(
    fc.property(snapshots, requests, (snapshot, asked) => {
      for (const [index, { choices, rejected }] of scheduler.place(snapshot, asked).entries()) {
        expect(choices.length).toBeLessThanOrEqual(asked[index]?.count ?? 0);
        if (choices.length < (asked[index]?.count ?? 0)) expect(rejected).toHaveLength(snapshot.nodes.length);
      }
    }),
  );
});

it("as many as fit are placed", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 20 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 5 }),
      fc.nat({ max: 200 }),
      fc.constantFrom("spread" as const, "binpack" as const),
      (capacities, cpu, count, strategy) => {
        const all = capacities.map((cores, index) => node(`n${index}`, { capacity: { cpu: cores } }));
        const fit = capacities.reduce((sum, cores) => sum + Math.floor(cores / cpu), 0);
        const { choices } = place(all, request(count, { resources: { cpu }, placement: { strategy } }));
        expect(choices).toHaveLength(Math.min(fit, count));
      },
    ),
  );
});

it("the order of the nodes does not matter", () => {
  const shuffled = snapshots.chain((snapshot) =>
    fc.record({
      snapshot: fc.constant(snapshot),
      others: fc.shuffledSubarray([...snapshot.nodes], { minLength: snapshot.nodes.length }),
    }),
  );
  fc.assert(
    fc.property(shuffled, requests, ({ snapshot, others }, asked) => {
      const choices = scheduler.place(snapshot, asked).map((result) => result.choices);
      expect(scheduler.place({ ...snapshot, nodes: others }, asked).map((result) => result.choices)).toEqual(choices);
    }),
  );
});

it("the same arguments give the same result", () => {
  fc.assert(
    fc.property(snapshots, requests, (snapshot, asked) => {
      const first = structuredClone(scheduler.place(snapshot, asked));
      expect(createScheduler().place(structuredClone(snapshot), structuredClone(asked))).toEqual(first);
    }),
  );
});

it("scores are the sums of their parts, and fall from one choice to the next with spread", () => {
  fc.assert(
    fc.property(snapshots, requests, (snapshot, asked) => {
      for (const [index, { choices }] of scheduler.place(snapshot, asked).entries()) {
        for (const { score, parts } of choices) {
          expect(score).toBeCloseTo(Object.values(parts).reduce((sum, part) => sum + part, 0));
        }
        const scores = choices.map(({ score }) => score);
        if (asked[index]?.placement.strategy !== "binpack") expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      }
    }),
  );
});

it("with spread, no two nodes differ by more than one instance where nothing else limits", () => {
  const loads = fc.array(fc.record({ used: fc.nat({ max: 64 }), instances: fc.nat({ max: 50 }) }), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(loads, fc.nat({ max: 300 }), (given, count) => {
      const all = given.map(({ used, instances }, index) =>
        node(`n${index}`, { capacity: { cpu: 64 }, used: { cpu: used }, instances }),
      );
      expect(rangeOf(countsOf(all, place(all, request(count))).values())).toBeLessThanOrEqual(1);
    }),
  );
});

it("with spread_by, no two zones differ by more than one instance, nor two nodes of a zone", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 6 }),
      fc.nat({ max: 200 }),
      (sizes, count) => {
        const zones = sizes.map((size, zone) =>
          nodes(size, { labels: { zone: `z${zone}` } }).map((one) => ({ ...one, nodeId: `z${zone}-${one.nodeId}` })),
        );
        const result = place(zones.flat(), request(count, { placement: { anti_affinity: { spread_by: "zone" } } }));
        const perZone = zones.map((zone) => {
          const counts = [...countsOf(zone, result)].filter(([id]) => zone.some(({ nodeId }) => nodeId === id));
          expect(rangeOf(counts.map(([, number]) => number))).toBeLessThanOrEqual(1);
          return counts.reduce((sum, [, number]) => sum + number, 0);
        });
        expect(rangeOf(perZone)).toBeLessThanOrEqual(1);
      },
    ),
  );
});

it("with binpack, no more nodes alike are used than are needed", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 8 }),
      fc.nat({ max: 300 }),
      (size, room, count) => {
        const all = nodes(size, { capacity: { memory: room * 10 } });
        const { choices } = place(
          all,
          request(count, { resources: { memory: 10 }, placement: { strategy: "binpack" } }),
        );
        const used = new Set(choices.map(({ nodeId }) => nodeId)).size;
        expect(used).toBe(Math.min(Math.ceil(count / room), size));
      },
    ),
  );
});

it("many small requests spread like one large one", () => {
  const all = nodes(50, { capacity: { cpu: 64 } });
  const asked = Array.from({ length: 100 }, (_, index) =>
    request(7, { deployment: `d${index}`, resources: { cpu: 0.5 } }),
  );
  const results = scheduler.place({ nodes: all, deploymentsOn: {} }, asked);
  expect(new Set(countsOf(all, ...results).values())).toEqual(new Set([14]));
});
