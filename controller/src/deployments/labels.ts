import { isDeepStrictEqual } from "node:util";
import type { Static } from "typebox";
import type { DeploymentPatch } from "../api/schema/deployments.ts";
import type { Change } from "../changes/change.ts";
import type { DeploymentChanged } from "./answer.ts";
import { assertSameName } from "./apply.ts";
import { deploymentToChange, putDeployment } from "./write.ts";

/**
 * Changes the labels of a deployment, which keeps its id.
 *
 * @throws DamsonError `DEPLOYMENT_NOT_FOUND` (404), `NAME_IMMUTABLE` (400), `DEPLOYMENT_TOO_BIG` (413)
 */
export function relabel(
  change: Change,
  deploymentId: string,
  { name, labels }: Static<typeof DeploymentPatch>,
  now: Date,
): DeploymentChanged {
  const { value: deployment } = deploymentToChange(change, deploymentId);
  assertSameName(deployment, name);
  const { version } = deployment;
  if (labels === undefined || isDeepStrictEqual(labels, deployment.labels)) {
    return { deploymentId, version, changed: false, warnings: [] };
  }
  putDeployment(change, { ...deployment, labels, updatedAt: now.toISOString() });
  change.publish({
    type: "deployment.updated",
    deploymentId,
    deployment: deployment.name,
    message: "Its labels were changed",
  });
  return { deploymentId, version, changed: true, warnings: [] };
}
