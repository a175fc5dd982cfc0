import type { Static } from "typebox";
import type { DiscoveryQuery, Endpoint } from "../api/schema/services.ts";
import type { EndpointsRecord } from "../model/endpoints.ts";
import type { Objects } from "../objects/objects.ts";
import type { Services } from "./services.ts";

type Query = Static<typeof DiscoveryQuery> & { readonly service: string };

/**
 * Where a service answers: endpoints that are healthy, of instances that are, on nodes that are; all of them with `all`. What
 * did not come with a node that the controller knows, or of which no agent has told, counts by its own health alone.
 */
export function discover(objects: Objects, services: Services, query: Query): Endpoint[] {
  const { service, version, protocol, limit, all = false } = query;
  const found: Endpoint[] = [];
  for (const record of services.index.of(service)) {
    const reachable = isReachable(objects, record);
    if (!all && !reachable) continue;
    for (const endpoint of record.endpoints) {
      if (endpoint.serviceName !== service) continue;
      if (version !== undefined && endpoint.version !== version) continue;
      if (protocol !== undefined && endpoint.protocol !== protocol) continue;
      if (!all && !endpoint.healthy) continue;
      found.push({
        ...endpoint,
        labels: { ...endpoint.labels },
        instanceId: record.instanceId,
        nodeId: record.nodeId,
        ip: record.ip,
        healthy: endpoint.healthy && reachable,
        lastSeen: services.lastSeenOf(record.instanceId),
      });
    }
  }
  return found.sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1)).slice(0, limit);
}

function isReachable({ nodes, statuses }: Objects, { nodeId, instanceId }: EndpointsRecord): boolean {
  const node = nodes.get(nodeId)?.value;
  const status = statuses.get(instanceId)?.value;
  return (!node || node.health === "Healthy") && (status?.latest.healthy ?? true);
}
