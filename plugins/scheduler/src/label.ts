import type { SchedulerNode } from "@damson/plugin-sdk";
import { ownValue } from "./own-value.ts";

/** Value of a label of the node, where `node.id` is the node's own id. */
export function labelOf(node: SchedulerNode, label: string): string | undefined {
  return label === "node.id" ? node.nodeId : ownValue(node.labels, label);
}
