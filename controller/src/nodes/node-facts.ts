import { isDeepStrictEqual } from "node:util";
import type { Heartbeat } from "../api/schema/nodes.ts";
import type { NodeRecord } from "../model/node.ts";

/** What an agent tells of itself, as it is kept. */
type Facts = Pick<NodeRecord, "ip" | "labels" | "link" | "agentUrl" | "owner" | "version" | "capacity" | "runtimes">;

/** A node of which nothing is known yet but its name. */
export function newNode(nodeId: string, now: Date): NodeRecord {
  return {
    nodeId,
    ip: "",
    labels: {},
    link: "stream",
    capacity: {},
    runtimes: [],
    cordoned: false,
    health: "Healthy",
    healthSince: now.toISOString(),
    registeredAt: now.toISOString(),
    lastSeen: seconds(now),
  };
}

/** A node with what a heartbeat says of it; the same object when that is nothing new. Facts that are left out stay. */
export function withFacts(node: NodeRecord, { ip, labels, agent }: Heartbeat, now: Date): NodeRecord {
  const told: Partial<Facts> = {
    link: "stream",
    ...(ip !== undefined && { ip }),
    ...(labels !== undefined && { labels }),
    ...(agent && { owner: agent.owner }),
    ...(agent?.url !== undefined && { agentUrl: agent.url }),
    ...(agent?.version !== undefined && { version: agent.version }),
    ...(agent?.capacity !== undefined && { capacity: agent.capacity }),
    ...(agent?.runtimes !== undefined && { runtimes: agent.runtimes }),
  };
  const isKnown = Object.entries(told).every(([name, value]) => isDeepStrictEqual(node[name as keyof Facts], value));
  return isKnown ? node : { ...node, ...told, lastSeen: seconds(now) };
}

/** A node with the runtimes of an agent that was asked for them; the same object when they are known. */
export function withRuntimes(node: NodeRecord, runtimes: NodeRecord["runtimes"], now: Date): NodeRecord {
  if (isDeepStrictEqual(node.runtimes, runtimes)) return node;
  return { ...node, runtimes, lastSeen: seconds(now) };
}

/** A node that has been heard of; the same object when it is healthy already. */
export function asHealthy({ reason, ...node }: NodeRecord, now: Date): NodeRecord {
  return { ...node, health: "Healthy", healthSince: now.toISOString(), lastSeen: seconds(now) };
}

/** The same without what belonged to the agent that had the node before. */
export function withoutAgent(node: NodeRecord): NodeRecord {
  const { owner, agentUrl, agentToken, version, ...rest } = node;
  return { ...rest, link: "stream", capacity: {}, runtimes: [] };
}

/** Unix seconds. */
export function seconds(now: Date): number {
  return Math.floor(now.getTime() / 1_000);
}
