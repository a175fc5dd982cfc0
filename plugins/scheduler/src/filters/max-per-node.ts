import type { Demand } from "../demand.ts";
import type { Filter } from "./filter.ts";

export const maxPerNode: Filter = {
  name: "max_per_node",
  concerns: (demand) => mostOf(demand) < Number.POSITIVE_INFINITY,
  room: ({ node }, demand) => mostOf(demand) - demand.on(node.nodeId),
  reason: ({ node }, demand) => `has ${demand.on(node.nodeId)} of this entry, may have ${mostOf(demand)}`,
};

function mostOf({ request }: Demand): number {
  return request.placement.anti_affinity?.max_per_node ?? Number.POSITIVE_INFINITY;
}
