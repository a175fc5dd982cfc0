import type { PlacementRequest, SchedulerNode } from "@damson/plugin-sdk";

/** How many instances a node has room for. */
export const ROOM = 32;

const MEMORY = 2 ** 30;

/** Empty nodes that are alike. */
export function manyNodes(count: number): SchedulerNode[] {
  return Array.from({ length: count }, (_, index) => ({
    nodeId: `node-${index}`,
    labels: { zone: `zone-${index % 5}` },
    health: "Healthy",
    cordoned: false,
    packageTypes: ["binary", "docker"],
    capacity: { cpu: ROOM, memory: ROOM * 2 * MEMORY },
    used: {},
    ports: [],
    instances: 0,
  }));
}

/** As many deployments, with so many instances each. */
export function requestsOf(
  deployments: number,
  instances: number,
  strategy: "spread" | "binpack",
): readonly PlacementRequest[] {
  return Array.from({ length: deployments }, (_, index) => ({
    deployment: `deployment-${index}`,
    entry: "app",
    count: instances,
    packageType: "binary",
    resources: { cpu: 1, memory: MEMORY },
    ports: [],
    placement: { strategy },
    placed: {},
  }));
}
