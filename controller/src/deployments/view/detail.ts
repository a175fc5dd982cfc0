import type { Static } from "typebox";
import type { DeploymentDetail, TaskDetail, VersionViews } from "../../api/schema/deployments.ts";
import { assignmentItem, desiredOf } from "../../assignments/assignment-item.ts";
import { type Deployment, entryOf, versionOf } from "../../model/deployment.ts";
import type { Stored } from "../../objects/collection.ts";
import type { Objects } from "../../objects/objects.ts";
import { entryView } from "./entries.ts";
import { replicasNow, summaryOf } from "./summary.ts";

/** A deployment with its entries and instances, those too that are going. */
export function detailOf(
  objects: Objects,
  stored: Stored<Deployment>,
  reveal: ReadonlySet<string>,
): Static<typeof DeploymentDetail> {
  const { value: deployment } = stored;
  const { entries } = versionOf(deployment, deployment.version);
  return {
    deployment: {
      ...summaryOf(objects, stored),
      entries: entries.map((entry) => entryView(entry, replicasNow(deployment, entry), reveal)),
    },
    assignments: rowsOf(objects, deployment).map((row) =>
      assignmentItem(row, deployment, objects.statuses.get(row.id)?.value),
    ),
  };
}

/** A deployment as Plum's clients know it. */
export function taskOf(objects: Objects, { value: deployment }: Stored<Deployment>): Static<typeof TaskDetail> {
  const { deploymentId, name, labels } = deployment;
  return {
    task: { TaskID: deploymentId, Name: name, Labels: { ...labels } },
    assignments: rowsOf(objects, deployment).map(({ value }) => {
      const entry = entryOf(deployment, value.specVersion, value.entry);
      return {
        InstanceID: value.instanceId,
        TaskID: deploymentId,
        NodeID: value.nodeId,
        Desired: value.removing ? "Stopped" : desiredOf(deployment, value),
        ArtifactURL: entry?.artifactUrl ?? "",
        StartCmd: entry?.startCmd ?? "",
      };
    }),
  };
}

/** The versions that a deployment keeps, newest first. */
export function versionsOf(
  { value: { versions, version: current } }: Stored<Deployment>,
  reveal: ReadonlySet<string>,
): Static<typeof VersionViews> {
  return {
    versions: versions.map(({ version, failed = false, createdAt, entries }) => ({
      version,
      current: version === current,
      failed,
      createdAt,
      entries: entries.map((entry) => entryView(entry, entry.replicas, reveal)),
    })),
  };
}

/** By id, which is the order in which they were made. */
function rowsOf(objects: Objects, { deploymentId }: Deployment) {
  return objects.assignmentsByDeployment.of(deploymentId).sort((a, b) => (a.id < b.id ? -1 : 1));
}
