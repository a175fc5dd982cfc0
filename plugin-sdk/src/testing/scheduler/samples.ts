import { expect } from "vitest";
import type { SchedulerNode } from "../../scheduler/node.ts";
import type { PlacementRequest, PlacementResult, PlacementSnapshot, Scheduler } from "../../scheduler/scheduler.ts";

/** A node that takes whatever comes, with these changes. */
export function node(nodeId: string, changes: Partial<SchedulerNode> = {}): SchedulerNode {
  return {
    nodeId,
    labels: {},
    health: "Healthy",
    cordoned: false,
    packageTypes: ["sample"],
    capacity: {},
    used: {},
    ports: [],
    instances: 0,
    ...changes,
  };
}

/** As many nodes alike, `node-0` first. */
export function nodes(count: number, changes: Partial<SchedulerNode> = {}): SchedulerNode[] {
  return Array.from({ length: count }, (_, index) => node(`node-${index}`, changes));
}

/** Some instances that ask for nothing, with these changes. */
export function request(count: number, changes: Partial<PlacementRequest> = {}): PlacementRequest {
  return {
    deployment: "shop",
    entry: "api",
    count,
    packageType: "sample",
    resources: {},
    ports: [],
    placement: {},
    placed: {},
    ...changes,
  };
}

export function snapshot(
  all: readonly SchedulerNode[],
  deploymentsOn: PlacementSnapshot["deploymentsOn"] = {},
): PlacementSnapshot {
  return { nodes: all, deploymentsOn };
}

/** The result of one request. */
export function placeOne(scheduler: Scheduler, world: PlacementSnapshot, asked: PlacementRequest): PlacementResult {
  const [result, ...more] = scheduler.place(world, [asked]);
  if (result === undefined || more.length > 0) throw new Error("one request has not one result");
  return result;
}

/** How many instances each node was given. */
export function countsOf(result: PlacementResult | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { nodeId } of result?.choices ?? []) counts[nodeId] = (counts[nodeId] ?? 0) + 1;
  return counts;
}

/** Three instances go to the node `right` alone, and `wrong` is rejected. */
export function expectOnlyRight(
  scheduler: Scheduler,
  { right = {}, wrong = {} }: { right?: Partial<SchedulerNode>; wrong?: Partial<SchedulerNode> },
  changes: Partial<PlacementRequest> = {},
  deploymentsOn: PlacementSnapshot["deploymentsOn"] = {},
): void {
  const world = snapshot([node("wrong", wrong), node("right", right)], deploymentsOn);
  const result = placeOne(scheduler, world, request(3, changes));
  expect(countsOf(result)).toEqual({ right: 3 });
  expect(result.rejected.map(({ nodeId }) => nodeId)).toEqual(["wrong"]);
}
