import type { DeploymentSummary } from "../../api/schema/deployments.ts";
import { isActive } from "../../model/assignment.ts";
import { type Deployment, type Entry, type Replicas, type Rollout, versionOf } from "../../model/deployment.ts";
import type { Stored } from "../../objects/collection.ts";
import type { Objects } from "../../objects/objects.ts";
import { isOfVersion } from "../instance-state.ts";
import { judge } from "../loop/instance.ts";
import { countOf } from "../request/replicas.ts";

/** How many instances of an entry there are to be now. */
export function replicasNow(deployment: Deployment, { name, replicas }: Entry): Replicas {
  return Object.hasOwn(deployment.replicas, name) ? (deployment.replicas[name] ?? replicas) : replicas;
}

/** A deployment as lists show it: one pass over its instances. */
export function summaryOf(objects: Objects, { value: deployment, revision }: Stored<Deployment>): DeploymentSummary {
  const { deploymentId, name, labels, status, paused, version, rollout, createdAt, updatedAt } = deployment;
  const { instances, byEntry, ...counts } = countsOf(objects, deployment);
  const entries = deployment.deleting ? [] : versionOf(deployment, version).entries;
  const wanted = entries.map((entry) => ({ name: entry.name, count: countOf(replicasNow(deployment, entry)) }));
  return {
    deploymentId,
    taskId: deploymentId,
    name,
    labels,
    status,
    paused,
    version,
    instances,
    wanted: wanted.reduce((sum, { count }) => sum + count, 0),
    ...counts,
    unplaced: wanted.reduce((sum, entry) => sum + Math.max(0, entry.count - (byEntry.get(entry.name) ?? 0)), 0),
    rollout: rolloutView(rollout),
    ...(deployment.deleting && { deleting: true }),
    createdAt,
    updatedAt,
    resourceVersion: revision,
  };
}

/** All deployments by name; those that are being deleted only when they are asked for: their names may be in use again. */
export function summariesOf(objects: Objects, deleting: boolean): DeploymentSummary[] {
  return [...objects.deployments.all()]
    .filter(({ value }) => deleting || !value.deleting)
    .sort((a, b) => (a.value.name < b.value.name ? -1 : 1))
    .map((stored) => summaryOf(objects, stored));
}

function rolloutView({ reason, ...rollout }: Rollout): DeploymentSummary["rollout"] {
  return { ...rollout, ...(reason !== undefined && { reason }) };
}

function countsOf(objects: Objects, deployment: Deployment) {
  const counts = { instances: 0, healthy: 0, updated: 0, failing: 0 };
  const byEntry = new Map<string, number>();
  for (const { id, value: assignment, revision } of objects.assignmentsByDeployment.of(deployment.deploymentId)) {
    if (!isActive(assignment)) continue;
    counts.instances += 1;
    byEntry.set(assignment.entry, (byEntry.get(assignment.entry) ?? 0) + 1);
    const status = objects.statuses.get(id)?.value;
    if (!status) continue;
    const node = objects.nodes.get(assignment.nodeId)?.value;
    const { toRun, ready, away, failed } = judge({ assignment, revision, status }, deployment, node);
    if (toRun && ready && !away) counts.healthy += 1;
    if (failed !== undefined) counts.failing += 1;
    if (assignment.specVersion === deployment.version && isOfVersion(assignment, status.latest)) counts.updated += 1;
  }
  return { ...counts, byEntry };
}
