import { forgetInstances } from "../assignments/forget-instances.ts";
import type { Change } from "../changes/change.ts";
import type { Changes } from "../changes/changes.ts";
import type { Assignment } from "../model/assignment.ts";
import type { Objects } from "../objects/objects.ts";

/** Marks a deployment as going, and frees its name. One that is not there is as good as deleted. */
export function removeDeployment(change: Change, deploymentId: string, now: Date): null {
  const found = change.get("deployments", deploymentId);
  if (!found || found.value.deleting) return null;
  const { name } = found.value;
  change.put("deployments", deploymentId, { ...found.value, deleting: true, updatedAt: now.toISOString() });
  if (change.get("deploymentNames", name)?.value.deploymentId === deploymentId) change.delete("deploymentNames", name);
  change.publish({ type: "deployment.deleted", deploymentId, deployment: name, message: "Its instances are to go" });
  return null;
}

/**
 * Forgets the instances of a deployment that is being deleted, as far as their nodes cannot be reached. When such a node
 * comes back, its agent stops what it no longer finds in its list.
 */
export async function forgetUnreachable(changes: Changes, objects: Objects, deploymentId: string): Promise<void> {
  const isLost = ({ nodeId }: Assignment): boolean => objects.nodes.get(nodeId)?.value.health !== "Healthy";
  const rows = objects.assignmentsByDeployment.of(deploymentId).filter(({ value }) => isLost(value));
  const isGoing = objects.deployments.get(deploymentId)?.value.deleting === true;
  if (isGoing)
    await forgetInstances(
      { changes },
      rows.map(({ id }) => id),
      isLost,
    );
}
