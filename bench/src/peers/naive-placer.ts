import type { PlacementRequest, SchedulerNode } from "@damson/plugin-sdk";

/** The plain way to spread: for each instance every node is looked at anew. Gives how many each node took. */
export function placeNaively(
  nodes: readonly SchedulerNode[],
  requests: readonly PlacementRequest[],
): ReadonlyMap<string, number> {
  const states = nodes.map(({ used, ...node }) => ({ node, cpu: used.cpu ?? 0, memory: used.memory ?? 0, all: 0 }));
  for (const { count, resources } of requests) {
    const { cpu = 0, memory = 0 } = resources;
    for (let placed = 0; placed < count; placed += 1) {
      let best: (typeof states)[number] | undefined;
      for (const state of states) {
        const { node } = state;
        if (node.health !== "Healthy" || node.cordoned) continue;
        if (state.cpu + cpu > (node.capacity.cpu ?? Number.POSITIVE_INFINITY)) continue;
        if (state.memory + memory > (node.capacity.memory ?? Number.POSITIVE_INFINITY)) continue;
        if (best === undefined || state.all < best.all) best = state;
      }
      if (best === undefined) break;
      best.cpu += cpu;
      best.memory += memory;
      best.all += 1;
    }
  }
  return new Map(states.map(({ node, all }) => [node.nodeId, all]));
}
