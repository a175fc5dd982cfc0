import { isDeepStrictEqual } from "node:util";
import type { ScaleRequest } from "../api/schema/deployments.ts";
import type { Change } from "../changes/change.ts";
import { type Deployment, type Replicas, versionOf } from "../model/deployment.ts";
import type { Objects } from "../objects/objects.ts";
import type { DeploymentChanged } from "./answer.ts";
import { Findings } from "./request/findings.ts";
import { checkReplicas } from "./request/replicas.ts";
import { replicasNow } from "./view/summary.ts";
import { deploymentToChange, putDeployment } from "./write.ts";

/**
 * Changes how many instances there are to be; what is not named stays as it is.
 *
 * @throws DamsonError `DEPLOYMENT_NOT_FOUND` (404), `DEPLOYMENT_INVALID` (400), `DEPLOYMENT_TOO_BIG` (413)
 */
export function scale(
  change: Change,
  objects: Objects,
  { deploymentId, request, now }: { readonly deploymentId: string; readonly request: ScaleRequest; readonly now: Date },
): DeploymentChanged {
  const { value: deployment } = deploymentToChange(change, deploymentId);
  const findings = new Findings();
  const wanted = wantedOf(deployment, request, findings);
  const all = versionOf(deployment, deployment.version).entries.map((entry) => ({
    at: request.entries ? ["entries", entry.name] : ["replicas"],
    replicas: wanted.get(entry.name) ?? replicasNow(deployment, entry),
  }));
  checkReplicas(all, objects, findings);
  findings.refuse();
  const replicas = { ...deployment.replicas, ...Object.fromEntries(wanted) };
  const changed = !isDeepStrictEqual(replicas, deployment.replicas);
  if (changed) {
    putDeployment(change, { ...deployment, replicas, updatedAt: now.toISOString() });
    const counts = [...wanted].map(([name, count]) => `${name}: ${JSON.stringify(count)}`).join(", ");
    const message = `Instances are to be: ${counts}`.slice(0, 1_000);
    change.publish({ type: "deployment.updated", deploymentId, deployment: deployment.name, message });
  }
  return { deploymentId, version: deployment.version, changed, warnings: findings.warnings };
}

function wantedOf(
  deployment: Deployment,
  { replicas, entries }: ScaleRequest,
  findings: Findings,
): Map<string, Replicas> {
  const names = versionOf(deployment, deployment.version).entries.map(({ name }) => name);
  const [only] = names;
  if (replicas !== undefined && entries !== undefined) {
    findings.fault(["replicas"], { message: "stands beside entries", hint: "Give one of them." });
  } else if (replicas !== undefined) {
    if (names.length === 1 && only !== undefined) return new Map([[only, replicas]]);
    findings.fault(["replicas"], {
      message: `says nothing of which of its ${names.length} entries`,
      hint: `For example entries: { "${only}": 3 }, or \`damson deployment scale ${deployment.name} ${only}:3\`.`,
      allowed: names,
    });
  } else if (entries === undefined || Object.keys(entries).length === 0) {
    findings.fault(["replicas"], { message: "required, but missing", hint: "For example replicas: 3." });
  }
  const wanted = new Map(Object.entries(entries ?? {}));
  for (const name of wanted.keys()) {
    if (!names.includes(name)) findings.fault(["entries", name], { message: "there is no such entry", allowed: names });
  }
  return wanted;
}
