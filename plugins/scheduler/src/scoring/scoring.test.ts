import type { Placement } from "@damson/plugin-sdk";
import { describe, expect, it } from "vitest";
import { countsOf, node, nodes, place, request } from "../fixtures/samples.ts";
import { createScheduler } from "../scheduler.ts";

describe("what a score is made of", () => {
  it("spread: the share of the entry's instances that is elsewhere, and a little for the load", () => {
    const all = [node("a", { capacity: { cpu: 4, memory: 8 }, used: { cpu: 2, memory: 8 } })];
    const { choices } = place(all, request(2, { placed: { a: 1, elsewhere: 1 } }));
    expect(choices).toEqual([
      { nodeId: "a", score: 0.75 - 0.75 / 8, parts: { spread: 0.75, load: -0.75 / 8 } },
      { nodeId: "a", score: 0.5 - 0.75 / 8, parts: { spread: 0.5, load: -0.75 / 8 } },
    ]);
  });

  it("binpack: how full the node is", () => {
    const asked = request(2, { resources: { cpu: 1 }, placement: { strategy: "binpack" } });
    const { choices } = place([node("a", { capacity: { cpu: 4 }, used: { cpu: 1 } })], asked);
    expect(choices.map(({ parts }) => parts)).toEqual([{ binpack: 0.25 }, { binpack: 0.5 }]);
  });

  it("affinity: hundredths of the weights, 50 by default", () => {
    const affinity = [
      { label: "disk", values: ["ssd"] },
      { label: "zone", values: ["a", "b"], weight: -20 },
      { label: "gpu", values: ["yes"], weight: 100 },
    ];
    const all = [node("a", { labels: { disk: "ssd", zone: "b" } })];
    expect(place(all, request(1, { placement: { affinity } })).choices[0]?.parts.affinity).toBeCloseTo(0.3);
  });

  it("spread_by: enough to outweigh all else, for each instance in the zone", () => {
    const all = [node("a", { labels: { zone: "x" } })];
    const placement = { anti_affinity: { spread_by: "zone" }, affinity: [{ label: "rack", values: ["r"] }] };
    const parts = place(all, request(2, { placement })).choices.map((choice) => choice.parts.spread_by);
    expect(parts).toEqual([0, -3]);
  });
});

describe("spread", () => {
  it("takes the node with less load among equally even ones", () => {
    const all = [
      node("busy", { capacity: { cpu: 4 }, used: { cpu: 3 } }),
      node("idle", { capacity: { cpu: 4 }, used: { cpu: 1 } }),
    ];
    expect(place(all, request(1)).choices[0]?.nodeId).toBe("idle");
  });

  it("takes the node with fewer instances among equally loaded ones", () => {
    const all = [node("many", { instances: 9 }), node("few", { instances: 8 })];
    expect(place(all, request(1)).choices[0]?.nodeId).toBe("few");
  });

  it("is outweighed by affinity of a weight up to that share of the instances", () => {
    const all = [node("ssd", { labels: { disk: "ssd" } }), ...nodes(5)];
    const given = (weight: number) => {
      const affinity = [{ label: "disk", values: ["ssd"], weight }];
      return countsOf(all, place(all, request(60, { placement: { affinity } }))).get("ssd");
    };
    expect([given(100), given(50), given(10), given(0), given(-100)]).toEqual([60, 35, 15, 10, 0]);
  });

  it("counts what earlier requests of the call placed of the entry", () => {
    const results = createScheduler().place({ nodes: [node("a")], deploymentsOn: {} }, [request(1), request(1)]);
    expect(results.map(({ choices }) => choices.map(({ parts }) => parts.spread))).toEqual([[1], [0.5]]);
  });

  it("spreads small deployments over nodes of which nothing is limited", () => {
    const all = nodes(10);
    const asked = Array.from({ length: 40 }, (_, index) => request(1, { deployment: `d${index}` }));
    const results = createScheduler().place({ nodes: all, deploymentsOn: {} }, asked);
    expect(new Set(countsOf(all, ...results).values())).toEqual(new Set([4]));
  });

  it("has one order also of nodes whose ids have the same hash", () => {
    const [first, second] = [node("node-43zx"), node("node-bpad")];
    expect(place([first, second], request(1)).choices).toEqual(place([second, first], request(1)).choices);
  });

  it("does not always begin with the same node among nodes alike", () => {
    const all = nodes(5);
    const first = Array.from(
      { length: 50 },
      (_, index) => place(all, request(1, { deployment: `d${index}` })).choices[0],
    );
    expect(new Set(first.map((choice) => choice?.nodeId)).size).toBe(5);
  });
});

describe("spread_by", () => {
  const placement: Placement = { anti_affinity: { spread_by: "zone" } };

  it("counts instances on nodes that take no more", () => {
    const all = [
      node("a1", { labels: { zone: "a" }, cordoned: true }),
      node("a2", { labels: { zone: "a" } }),
      node("b", { labels: { zone: "b" } }),
    ];
    expect(Object.fromEntries(countsOf(all, place(all, request(4, { placement, placed: { a1: 2 } }))))).toEqual({
      a1: 0,
      a2: 1,
      b: 3,
    });
  });

  it("comes before affinity", () => {
    const all = [node("a", { labels: { zone: "a", disk: "ssd" } }), node("b", { labels: { zone: "b" } })];
    const affinity = [{ label: "disk", values: ["ssd"], weight: 100 }];
    expect(new Set(countsOf(all, place(all, request(6, { placement: { ...placement, affinity } }))).values())).toEqual(
      new Set([3]),
    );
  });

  it("goes on in other zones when one is full, and takes nodes without the label last", () => {
    const all = [
      node("a", { labels: { zone: "a" }, capacity: { cpu: 1 } }),
      node("b", { labels: { zone: "b" }, capacity: { cpu: 3 } }),
      node("nowhere", { capacity: { cpu: 9 } }),
    ];
    const { choices } = place(all, request(6, { placement, resources: { cpu: 1 } }));
    expect(choices.slice(2).map(({ nodeId }) => nodeId)).toEqual(["b", "b", "nowhere", "nowhere"]);
  });

  it("packs within a zone when the strategy is binpack", () => {
    const all = ["a", "b"].flatMap((zone) =>
      [1, 2].map((number) => node(`${zone}${number}`, { labels: { zone }, capacity: { cpu: 4 } })),
    );
    const asked = request(6, { resources: { cpu: 1 }, placement: { ...placement, strategy: "binpack" } });
    expect([...countsOf(all, place(all, asked)).values()].sort()).toEqual([0, 0, 3, 3]);
  });
});

describe("binpack", () => {
  const placement: Placement = { strategy: "binpack" };

  it("takes a node in use before an empty one where nothing is limited", () => {
    const all = [...nodes(3), node("in-use", { instances: 1 }), ...nodes(6).slice(3)];
    for (const deployment of ["shop", "blog", "search", "wiki"]) {
      expect(countsOf(all, place(all, request(4, { deployment, placement }))).get("in-use")).toBe(4);
    }
  });

  it("takes the larger of empty nodes", () => {
    const all = [node("small", { capacity: { cpu: 2 } }), node("large", { capacity: { cpu: 8 } })];
    expect(countsOf(all, place(all, request(2, { placement, resources: { cpu: 1 } }))).get("large")).toBe(2);
  });
});
