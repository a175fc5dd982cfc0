import type { Constraint, PlacementRequest, SchedulerNode } from "@damson/plugin-sdk";
import { describe, expect, it } from "vitest";
import { node, place, request } from "../fixtures/samples.ts";
import { createScheduler } from "../scheduler.ts";

const GIB = 2 ** 30;

type Sample = readonly [
  filter: string,
  reason: string,
  changes: Partial<SchedulerNode>,
  asked: Partial<PlacementRequest>,
  deployments?: readonly string[],
];

function mustBe(...constraints: Constraint[]): Partial<PlacementRequest> {
  return { placement: { constraints } };
}

const REJECTED: readonly Sample[] = [
  ["health", "is Unknown", { health: "Unknown" }, {}],
  ["health", "is Unhealthy", { health: "Unhealthy", cordoned: true }, {}],
  ["cordon", "is cordoned", { cordoned: true, packageTypes: [] }, {}],
  ["avoid", "is avoided: is being drained", {}, { avoid: { a: "is being drained" } }],
  [
    "runtime",
    "has no runtime for packages of type docker; has binary, script",
    { packageTypes: ["binary", "script"] },
    { packageType: "docker" },
  ],
  ["runtime", "has no runtime for packages of type sample; has none", { packageTypes: [] }, {}],
  ["constraints", "has no label disk, must be ssd or nvme", {}, mustBe({ label: "disk", values: ["ssd", "nvme"] })],
  ["constraints", "disk is hdd, must be ssd", { labels: { disk: "hdd" } }, mustBe({ label: "disk", values: ["ssd"] })],
  [
    "constraints",
    "disk is hdd, must not be hdd",
    { labels: { disk: "hdd" } },
    mustBe({ label: "disk", operator: "not_in", values: ["hdd"] }),
  ],
  ["constraints", "has no label gpu", {}, mustBe({ label: "gpu", operator: "exists" })],
  ["constraints", "has the label gpu", { labels: { gpu: "" } }, mustBe({ label: "gpu", operator: "not_exists" })],
  ["constraints", "node.id is a, must be b", {}, mustBe({ label: "node.id", values: ["b"] })],
  ["constraints", "disk is hdd, must be one of no values", { labels: { disk: "hdd" } }, mustBe({ label: "disk" })],
  [
    "constraints",
    "has no label gpu; zone is x, must be y",
    { labels: { zone: "x", disk: "ssd" } },
    mustBe({ label: "gpu", operator: "exists" }, { label: "disk", values: ["ssd"] }, { label: "zone", values: ["y"] }),
  ],
  [
    "anti_affinity",
    "has an instance of noisy, loud",
    {},
    { placement: { anti_affinity: { deployments: ["noisy", "far", "loud"] } } },
    ["loud", "noisy"],
  ],
  [
    "max_per_node",
    "has 2 of this entry, may have 2",
    {},
    { placed: { a: 2 }, placement: { anti_affinity: { max_per_node: 2 } } },
  ],
  ["ports", "has taken 80/tcp", { ports: ["80/tcp", "22/tcp"] }, { ports: ["443/tcp", "80/tcp"] }],
  [
    "capacity",
    "needs 2 cores, has 0.5 left of 4",
    { capacity: { cpu: 4 }, used: { cpu: 3.5 } },
    { resources: { cpu: 2 } },
  ],
  [
    "capacity",
    "needs 1.5 GiB of memory, has 512 MiB left of 2 GiB",
    { capacity: { memory: 2 * GIB }, used: { memory: 1.5 * GIB } },
    { resources: { memory: 1.5 * GIB } },
  ],
  [
    "capacity",
    "needs 1 cores, has 0 left of 1; needs 2 GiB of memory, has 1 GiB left of 1 GiB",
    { capacity: { cpu: 1, memory: GIB }, used: { cpu: 1.25 } },
    { resources: { cpu: 1, memory: 2 * GIB } },
  ],
];

describe("a node is rejected", () => {
  for (const [filter, reason, changes, asked, deployments = []] of REJECTED) {
    it(`by ${filter}: ${reason}`, () => {
      const result = place([node("a", changes)], request(1, asked), { a: deployments });
      expect(result).toEqual({ choices: [], evaluated: 1, rejected: [{ nodeId: "a", filter, reason }] });
    });
  }
});

it("says of each request of a call what it lacks for that one", () => {
  const ask = (cpu: number) => request(1, { resources: { cpu } });
  const small = { nodes: [node("a", { capacity: { cpu: 4 } })], deploymentsOn: {} };
  const results = createScheduler().place(small, [ask(6), ask(5), ask(5), ask(1), ask(5)]);
  expect(results.map(({ rejected }) => rejected[0]?.reason)).toEqual([
    "needs 6 cores, has 4 left of 4",
    "needs 5 cores, has 4 left of 4",
    "needs 5 cores, has 4 left of 4",
    undefined,
    "needs 5 cores, has 3 left of 4",
  ]);
});

describe("a node that the request itself has filled is rejected", () => {
  const FILLED: readonly Sample[] = [
    ["anti_affinity", "has an instance of shop", {}, { placement: { anti_affinity: { deployments: ["shop"] } } }],
    ["max_per_node", "has 1 of this entry, may have 1", {}, { placement: { anti_affinity: { max_per_node: 1 } } }],
    ["ports", "has taken 80/tcp", {}, { ports: ["80/tcp"] }],
    ["capacity", "needs 2 cores, has 1 left of 3", { capacity: { cpu: 3 } }, { resources: { cpu: 2 } }],
  ];

  for (const [filter, reason, changes, asked] of FILLED) {
    it(`by ${filter}: ${reason}`, () => {
      const { choices, rejected } = place([node("a", changes)], request(2, asked));
      expect(choices).toHaveLength(1);
      expect(rejected).toEqual([{ nodeId: "a", filter, reason }]);
    });
  }
});
