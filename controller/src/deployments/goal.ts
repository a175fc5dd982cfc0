import { DamsonError } from "@damson/plugin-sdk";
import { type Assignment, isActive } from "../model/assignment.ts";
import { type Deployment, versionOf } from "../model/deployment.ts";
import type { Stored } from "../objects/collection.ts";
import type { Objects } from "../objects/objects.ts";
import { isOfVersion } from "./instance-state.ts";
import { judge } from "./loop/instance.ts";
import { countOf } from "./request/replicas.ts";
import { replicasNow } from "./view/summary.ts";

/** What is waited for: every instance is so, on this version. */
export interface Goal {
  readonly deploymentId: string;
  readonly version: number;
  readonly wanted: "running" | "healthy";
}

/** How far a deployment is: there, on its way (in words), or never to come there by itself. */
type Outcome = "reached" | { readonly missing: string } | DamsonError;

/** How far a deployment is on its way to `goal`. */
export function outcomeOf(objects: Objects, goal: Goal): Outcome {
  const deployment = objects.deployments.get(goal.deploymentId)?.value;
  if (!deployment || deployment.deleting) return failed(goal.deploymentId, "was deleted meanwhile");
  const { name, rollout, status, version } = deployment;
  if (status === "Stopped") return failed(name, "is stopped, so nothing of it runs");
  if (rollout.to === goal.version && FAILED.has(rollout.state)) {
    return failed(name, `could not be brought to version ${goal.version}: ${rollout.reason ?? rollout.state}`);
  }
  if (version !== goal.version) return failed(name, `is to run version ${version} now, and not ${goal.version}`);
  const missing = missingOf(objects, deployment, goal);
  if (missing === undefined && (goal.wanted === "running" || rollout.state !== "in_progress")) return "reached";
  const held = deployment.paused && rollout.state === "in_progress" ? " (its rollout is paused)" : "";
  return { missing: `${missing ?? "its rollout is not done"}${held}` };
}

const FAILED = new Set(["failed", "rolling_back", "rolled_back"]);

/** What is not as it should be; `undefined` when all is. */
function missingOf(objects: Objects, deployment: Deployment, goal: Goal): string | undefined {
  const rows = objects.assignmentsByDeployment.of(deployment.deploymentId).filter(({ value }) => isActive(value));
  let there = 0;
  let example: string | undefined;
  for (const row of rows) {
    const fault = faultOf(objects, deployment, row, goal);
    if (fault === undefined) there += 1;
    else example ??= `${row.id} on ${row.value.nodeId} ${fault}`;
  }
  const wanted = versionOf(deployment, deployment.version).entries.reduce(
    (sum, entry) => sum + countOf(replicasNow(deployment, entry)),
    0,
  );
  if (example === undefined && rows.length >= wanted) return undefined;
  const places = rows.length < wanted ? `; ${wanted - rows.length} have no place` : "";
  return `${there} of ${wanted} instances are ${goal.wanted}${places}${example ? `; ${example}` : ""}`;
}

/** Why an instance is not as it should be; `undefined` when it is. */
function faultOf(
  objects: Objects,
  deployment: Deployment,
  { id, value: assignment, revision }: Stored<Assignment>,
  { version, wanted }: Goal,
): string | undefined {
  const status = objects.statuses.get(id)?.value;
  const node = objects.nodes.get(assignment.nodeId)?.value;
  const { toRun, finished, ready, away } = judge({ assignment, revision, status }, deployment, node);
  if (!toRun) return undefined;
  if (assignment.specVersion !== version) return `is still to run version ${assignment.specVersion}`;
  if (away) return node ? `cannot be heard of: its node is ${node.health}` : "waits for its node to register";
  if (!status) return "has not reported yet";
  const { latest } = status;
  if (!isOfVersion(assignment, latest)) return `has not reported on version ${version} yet`;
  if (finished || (wanted === "healthy" ? ready : latest.phase === "Running")) return undefined;
  return `is ${latest.detail ?? latest.phase}${latest.reason ? ` (${latest.reason})` : ""}`;
}

function failed(name: string, what: string): DamsonError {
  return new DamsonError("DEPLOYMENT_FAILED", `Deployment "${name}" ${what}`, {
    status: 409,
    remedy: "`damson deployment show` and `damson explain` say more (GET /v1/deployments/:id and its /explain).",
  });
}
