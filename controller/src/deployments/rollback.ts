import { DamsonError } from "@damson/plugin-sdk";
import type { Change } from "../changes/change.ts";
import type { Deployment, DeploymentVersion } from "../model/deployment.ts";
import type { DeploymentChanged } from "./answer.ts";
import { rolloutTo } from "./rollout.ts";
import { deploymentToChange, putDeployment } from "./write.ts";

/**
 * Makes an earlier version the one that is to run, and begins its rollout.
 *
 * @param wanted number of the version. Default the newest before the present one that has not failed.
 * @throws DamsonError `DEPLOYMENT_NOT_FOUND` (404), `NO_SUCH_VERSION` (409)
 */
export function rollback(
  change: Change,
  deploymentId: string,
  wanted: number | undefined,
  now: Date,
): DeploymentChanged {
  const { value: deployment } = deploymentToChange(change, deploymentId);
  const { name, versions, version } = deployment;
  const target = targetOf(deployment, wanted);
  if (!target) throw noSuchVersion(deployment, wanted);
  if (target.version === version) return { deploymentId, version, changed: false, warnings: [] };
  const at = now.toISOString();
  putDeployment(change, {
    ...deployment,
    version: target.version,
    // Who chooses it by its number wants it tried again.
    versions: versions.map((one) => (one === target ? withoutMark(one) : one)),
    rollout: rolloutTo(deployment, target.version, at),
    updatedAt: at,
  });
  const message = `Version ${target.version} is to run again`;
  change.publish({ type: "deployment.updated", deploymentId, deployment: name, message });
  return { deploymentId, version: target.version, changed: true, warnings: [] };
}

function targetOf({ versions, version }: Deployment, wanted: number | undefined): DeploymentVersion | undefined {
  if (wanted !== undefined) return versions.find((one) => one.version === wanted);
  return versions.find((one) => one.version < version && !one.failed);
}

function withoutMark({ failed: _failed, ...version }: DeploymentVersion): DeploymentVersion {
  return version;
}

function noSuchVersion({ name, versions }: Deployment, wanted: number | undefined): DamsonError {
  const what = wanted === undefined ? "an earlier version that has not failed" : `version ${wanted}`;
  return new DamsonError("NO_SUCH_VERSION", `Deployment "${name}" does not keep ${what}`, {
    status: 409,
    remedy: `It keeps: ${versions.map(({ version }) => version).join(", ")}. \`damson deployment versions ${name}\` shows them.`,
  });
}
