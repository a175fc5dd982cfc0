import { DamsonError } from "@damson/plugin-sdk";
import type { Change } from "../changes/change.ts";
import { isActive } from "../model/assignment.ts";
import type { NodeRecord } from "../model/node.ts";
import type { Stored } from "../objects/collection.ts";
import type { Objects } from "../objects/objects.ts";

/** What an operator may do with the placing on a node. */
export type NodeChange = "cordon" | "uncordon" | "drain";

/** Writes what an operator wants of a node; what moves its instances acts on that. A node that is so already stays as it is. */
export function changeNode(change: Change, nodeId: string, wanted: NodeChange, now: Date, maxParallel?: number): void {
  const { value: node } = existing(change.get("nodes", nodeId), nodeId);
  const next = changed(node, wanted, now, maxParallel);
  if (next === node) return;
  change.put("nodes", nodeId, next);
  const done = { cordon: "cordoned", uncordon: "uncordoned", drain: "drain_started" }[wanted];
  change.publish({ type: `node.${done}`, message: `${nodeId}: ${wanted}`, nodeId });
}

/**
 * Forgets a node.
 *
 * @param force also one that is lost with its instances: call `loseForgotten` afterwards
 * @throws DamsonError `NODE_IN_USE` (409) while instances are placed on it, `NODE_NOT_FOUND` (404)
 */
export function deleteNode(change: Change, objects: Objects, nodeId: string, force = false): void {
  const { value: node } = existing(change.get("nodes", nodeId), nodeId);
  const active = objects.assignmentsByNode.of(nodeId).filter(({ value }) => isActive(value));
  if (active.length > 0 && !(force && node.health !== "Healthy"))
    throw nodeInUse(node, active.map(({ id }) => id).sort());
  change.delete("nodes", nodeId);
  if (change.get("nodeLeases", nodeId)) change.delete("nodeLeases", nodeId);
  change.publish({ type: "node.deleted", message: `${nodeId} is forgotten`, nodeId });
}

/** @throws DamsonError `NODE_NOT_FOUND` (404) */
export function existing(found: Stored<NodeRecord> | undefined, nodeId: string): Stored<NodeRecord> {
  if (found) return found;
  throw new DamsonError("NODE_NOT_FOUND", `There is no node "${nodeId}"`, {
    status: 404,
    remedy: "`damson node list` or GET /v1/nodes shows all; an agent makes its node with its first heartbeat.",
  });
}

function changed(node: NodeRecord, wanted: NodeChange, now: Date, maxParallel: number | undefined): NodeRecord {
  if (wanted === "uncordon") {
    const { drain, ...rest } = node;
    return drain || node.cordoned ? { ...rest, cordoned: false } : node;
  }
  if (wanted === "cordon") return node.cordoned ? node : { ...node, cordoned: true };
  const drain = { startedAt: node.drain?.startedAt ?? now.toISOString(), ...(maxParallel && { maxParallel }) };
  if (node.cordoned && node.drain && node.drain.maxParallel === drain.maxParallel) return node;
  return { ...node, cordoned: true, drain };
}

function nodeInUse({ nodeId, health }: NodeRecord, instanceIds: readonly string[]): DamsonError {
  const shown = instanceIds.slice(0, 20).join(", ");
  const more = instanceIds.length > 20 ? ` and ${instanceIds.length - 20} more` : "";
  return new DamsonError("NODE_IN_USE", `node in use: ${shown}${more} are placed on "${nodeId}"`, {
    status: 409,
    remedy:
      health === "Healthy"
        ? `Move them away first: \`damson node drain ${nodeId}\` (POST /v1/nodes/${nodeId}/drain).`
        : `It is ${health}. If it is gone for good, forget it with them, and they are placed anew: \`damson node delete ${nodeId} --force\` (?force=true).`,
    issues: instanceIds.slice(0, 100).map((path) => ({ path, message: "is placed on the node" })),
  });
}
