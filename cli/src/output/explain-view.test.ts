import type { Explanation } from "@damson/client";
import { expect, it } from "vitest";
import { colorsFor } from "./colors.ts";
import { explained } from "./explain-view.ts";

const PLAIN = colorsFor({}, false);

function explanation(entry: Partial<Explanation["entries"][number]>): Explanation {
  const none = { wanted: 0, placed: 0, evaluated: 0, unplaced: 0, instances: [], rejected: [], rejectedMore: 0 };
  return { deploymentId: "d", name: "shop", entries: [{ entry: "shop", ...none, ...entry }] };
}

it("groups the nodes that were rejected for the same reason, the most frequent first", () => {
  const rejected = [
    { nodeId: "east", filter: "labels", reason: "zone is east" },
    ...Array.from({ length: 7 }, (_, at) => ({
      nodeId: `n${at}`,
      filter: "capacity",
      reason: "512 MiB of memory are free",
    })),
  ];
  const at = new Date().toISOString();
  const more = { wanted: 2, unplaced: 2, evaluated: 10, rejected, rejectedMore: 2, at, scheduler: "default" };
  expect(explained(explanation(more), PLAIN).split("\n")).toEqual([
    "shop: 0 of 2 placed, 2 without a node; default looked at 10 nodes just now",
    "",
    "Rejected:",
    "  n0, n1, n2, n3, n4 and 2 more  capacity: 512 MiB of memory are free",
    "  east  labels: zone is east",
    "  and 2 more nodes, whose reasons are not kept",
  ]);
});

it("says of each instance why it is where it is, and sums up many by node", () => {
  const one = {
    instanceId: "d-1",
    nodeId: "n1",
    cause: "failover",
    text: "n0 is lost",
    score: 0.5,
    parts: { spread: 0.5 },
  };
  const shown = explained(explanation({ wanted: 1, placed: 1, instances: [one] }), PLAIN);
  expect(shown).toContain("no scheduler has looked yet");
  const named = { instanceId: "d-1", nodeId: "n1", cause: "named", text: "n1 was named" };
  expect(explained(explanation({ wanted: 1, placed: 1, instances: [named] }), PLAIN)).toContain(
    "1 of 1 placed, by the names of nodes, without a scheduler",
  );
  expect(shown).toMatch(/d-1 +n1 +failover +0\.50 \(spread 0\.50\) +n0 is lost$/);
  const many = Array.from({ length: 31 }, (_, at) => ({
    ...one,
    instanceId: `d-${at}`,
    nodeId: at === 0 ? "n0" : "n1",
  }));
  expect(explained(explanation({ wanted: 31, placed: 31, instances: many }), PLAIN)).toMatch(/n1 +30 +n0 is lost$/m);
});
