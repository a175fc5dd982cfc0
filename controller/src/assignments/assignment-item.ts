import type { AssignmentItem } from "../api/schema/assignments.ts";
import type { Assignment } from "../model/assignment.ts";
import { type Deployment, entryOf } from "../model/deployment.ts";
import type { InstanceStatusRecord } from "../model/instance-status.ts";
import type { Stored } from "../objects/collection.ts";

/** What is to run: nothing of a deployment that is stopped does. */
export function desiredOf(deployment: Deployment, { desired }: Assignment): Assignment["desired"] {
  return deployment.status === "Stopped" ? "Stopped" : desired;
}

/** An assignment as it is shown, with what its agent last said. */
export function assignmentItem(
  { value: assignment, revision }: Stored<Assignment>,
  deployment: Deployment,
  status: InstanceStatusRecord | undefined,
): AssignmentItem {
  const entry = entryOf(deployment, assignment.specVersion, assignment.entry);
  const latest = status?.latest;
  return {
    instanceId: assignment.instanceId,
    taskId: assignment.deploymentId,
    deploymentId: assignment.deploymentId,
    deployment: deployment.name,
    entry: assignment.entry,
    nodeId: assignment.nodeId,
    desired: desiredOf(deployment, assignment),
    artifactUrl: entry?.artifactUrl ?? "",
    startCmd: entry?.startCmd ?? "",
    appName: entry?.app ?? "",
    appVersion: entry?.appVersion ?? "",
    specVersion: assignment.specVersion,
    phase: latest?.phase ?? "",
    healthy: latest?.healthy ?? false,
    lastReportAt: latest?.receivedAt ?? 0,
    ...(latest?.exitCode !== undefined && { exitCode: latest.exitCode }),
    ...(latest?.detail !== undefined && { detail: latest.detail }),
    ...(latest?.reason !== undefined && { reason: latest.reason }),
    ...(latest?.restarts !== undefined && { restarts: latest.restarts }),
    ...(assignment.removing && { removing: assignment.removing.reason }),
    resourceVersion: revision,
  };
}
