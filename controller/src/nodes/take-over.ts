import type { NewEvent } from "@damson/core/http";
import { DamsonError, isDamsonError } from "@damson/plugin-sdk";
import type { Heartbeat } from "../api/schema/nodes.ts";
import type { Change } from "../changes/change.ts";
import { isActive } from "../model/assignment.ts";
import type { NodeRecord } from "../model/node.ts";
import type { ControllerParts } from "../parts.ts";
import { withoutAgent } from "./node-facts.ts";

const BATCH = 100;

/** Whether a heartbeat comes from another agent than the one that has the node. */
export function isOther(node: NodeRecord, { agent }: Pick<Heartbeat, "agent">): boolean {
  if (node.link === "push") return true;
  return node.owner !== undefined && node.owner !== agent?.owner;
}

/**
 * Takes a node from an agent that is not heard of any more.
 *
 * @throws DamsonError `NODE_ID_TAKEN` (409) when that agent is heard of after all
 */
export async function takeOver(parts: ControllerParts, nodeId: string): Promise<void> {
  const count = await loseInstances(parts, nodeId);
  await parts.changes.run((change) => {
    const node = lostNode(parts, change, nodeId);
    if (!node) return;
    change.put("nodes", nodeId, withoutAgent(node));
    change.publish(takenOver(nodeId, count));
  });
}

/**
 * The instances of a node whose agent is lost get others under new ids: that agent may still run them somewhere, and what
 * carries their ids must not register beside what replaces them. To be done before another agent has the node.
 *
 * @returns how many there were
 * @throws DamsonError `NODE_ID_TAKEN` (409) when that agent is heard of after all
 */
export async function loseInstances(parts: ControllerParts, nodeId: string): Promise<number> {
  const { objects, changes, now } = parts;
  const active = objects.assignmentsByNode.of(nodeId).filter(({ value }) => isActive(value));
  for (let at = 0; at < active.length; at += BATCH) {
    const batch = active.slice(at, at + BATCH);
    await changes.run((change) => {
      lostNode(parts, change, nodeId);
      for (const { id } of batch) {
        const assignment = change.get("assignments", id)?.value;
        if (!assignment || !isActive(assignment)) continue;
        change.put("assignments", id, { ...assignment, removing: { reason: "lost", at: now().toISOString() } });
      }
    });
  }
  return active.length;
}

/** The instances of a node that was forgotten get others. One that has come back meanwhile keeps those that it has. */
export async function loseForgotten(parts: ControllerParts, nodeId: string): Promise<void> {
  if (parts.objects.nodes.get(nodeId)) return;
  await loseInstances(parts, nodeId).catch((thrown: unknown) => {
    if (!isDamsonError(thrown) || thrown.code !== "NODE_ID_TAKEN") throw thrown;
  });
}

/** For those who are told of what happens. */
export function takenOver(nodeId: string, count: number): NewEvent {
  const message = `${nodeId} has another agent now; ${count} instances of the former one are lost`;
  return { type: "node.taken_over", message, nodeId };
}

function lostNode(parts: ControllerParts, change: Change, nodeId: string): NodeRecord | undefined {
  const node = change.get("nodes", nodeId)?.value;
  if (node?.health === "Healthy") throw nodeIdTaken(parts, nodeId);
  return node;
}

/** Names the agent that has the node. */
export function nodeIdTaken({ objects }: Pick<ControllerParts, "objects">, nodeId: string): DamsonError {
  const node = objects.nodes.get(nodeId)?.value;
  const where = node?.agentUrl || node?.ip;
  const known = [where && `at ${where}`, node?.version && `of version ${node.version}`].filter(Boolean).join(", ");
  return new DamsonError(
    "NODE_ID_TAKEN",
    `${nodeId} is the node of another agent${known && ` (${known})`}, which lives`,
    {
      status: 409,
      remedy:
        "Give this agent an id of its own with --agent-id, or stop the other one and wait until it counts as lost.",
    },
  );
}
