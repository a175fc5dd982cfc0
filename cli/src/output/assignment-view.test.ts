import type { AssignmentItem } from "@damson/client";
import picocolors from "picocolors";
import { expect, it } from "vitest";
import { assignmentTable, unheardOf } from "./assignment-view.ts";

const PLAIN = picocolors.createColors(false);

function item(nodeId: string, more: Partial<AssignmentItem> = {}): AssignmentItem {
  return {
    instanceId: `i-${nodeId}`,
    taskId: "d1",
    deploymentId: "d1",
    deployment: "shop",
    entry: "shop",
    nodeId,
    desired: "Running",
    artifactUrl: "",
    startCmd: "",
    appName: "shop",
    appVersion: "v1",
    specVersion: 1,
    phase: "Running",
    healthy: true,
    lastReportAt: 0,
    resourceVersion: 1,
    ...more,
  };
}

it("does not say of instances on nodes that are not heard of what was said last", () => {
  const nodes = [
    { nodeId: "n1", health: "Healthy" },
    { nodeId: "n2", health: "Unknown" },
    { nodeId: "n3", health: "Unhealthy" },
  ] as const;
  const items = [item("n1"), item("n2"), item("n3", { removing: "lost" })];
  expect(assignmentTable(items, PLAIN, "node", unheardOf(nodes)).split("\n").slice(1)).toEqual([
    "i-n1      n1    v1       running  yes      0         never",
    "i-n2      n2    v1       unknown  -        0         never     n2 is Unknown",
    "i-n3      n3    v1       unknown  -        0         never     going: lost",
  ]);
});
