import type { Node } from "../api/schema/nodes.ts";
import { resourcesOf } from "../assignments/resources.ts";
import { type Assignment, isActive } from "../model/assignment.ts";
import { entryOf } from "../model/deployment.ts";
import type { NodeRecord } from "../model/node.ts";
import type { Stored } from "../objects/collection.ts";
import type { Objects } from "../objects/objects.ts";

/** A node as it is shown. */
export function nodeView(objects: Objects, { value: node, revision }: Stored<NodeRecord>, lastSeen: number): Node {
  const active = objects.assignmentsByNode.of(node.nodeId).filter(({ value }) => isActive(value));
  return {
    nodeId: node.nodeId,
    ip: node.ip,
    labels: { ...node.labels },
    lastSeen,
    health: node.health,
    healthSince: node.healthSince,
    ...(node.reason !== undefined && { reason: node.reason }),
    link: node.link,
    ...(node.agentUrl !== undefined && { agentUrl: node.agentUrl }),
    ...(node.version !== undefined && { version: node.version }),
    capacity: node.capacity,
    used: usedBy(objects, active),
    runtimes: node.runtimes.map(({ name, version, usable, reason, packageTypes }) => ({
      name,
      usable,
      ...(version !== undefined && { version }),
      ...(reason !== undefined && { reason }),
      packageTypes: { ...packageTypes },
    })),
    cordoned: node.cordoned,
    draining: node.drain !== undefined,
    instances: active.length,
    registeredAt: node.registeredAt,
    resourceVersion: revision,
  };
}

/** What instances ask for together. */
function usedBy({ deployments }: Objects, active: readonly Stored<Assignment>[]): Node["used"] {
  let cpu = 0;
  let memory = 0;
  for (const { value } of active) {
    const deployment = deployments.get(value.deploymentId)?.value;
    const entry = deployment && entryOf(deployment, value.specVersion, value.entry);
    const asked = entry && resourcesOf(entry);
    cpu += asked?.cpu ?? 0;
    memory += asked?.memory ?? 0;
  }
  // Sums of fractions such as 0.1 are not exact.
  return { cpu: Math.round(cpu * 1_000) / 1_000, memory };
}
