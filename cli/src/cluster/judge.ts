import type { DeploymentDetail } from "@damson/client";

/** What a deployment is to become. */
export type Goal = "running" | "healthy" | "stopped";

/** What became of it. */
export type Verdict =
  | { readonly state: "done" }
  | { readonly state: "waiting"; readonly text: string }
  | { readonly state: "failed"; readonly reason: string };

/**
 * Whether a deployment is as it should be, will be, or will not be by itself.
 *
 * @param version The one that a change made: then the fate of its rollout counts.
 */
export function judge(detail: DeploymentDetail, goal: Goal, version: number | undefined): Verdict {
  const { deployment, assignments } = detail;
  const { name, paused, rollout, wanted } = deployment;
  const ours = version === undefined || rollout.to === version;
  if (ours && (rollout.state === "failed" || rollout.state === "rolled_back")) {
    const back = rollout.state === "rolled_back" ? `, and was taken back to version ${rollout.from}` : "";
    const why = rollout.reason === undefined ? "" : `: ${rollout.reason}`;
    return failed(`the rollout of "${name}" to version ${rollout.to} failed${back}${why}`);
  }
  if (!ours && deployment.version !== version) {
    return failed(`"${name}" was changed to version ${deployment.version} meanwhile`);
  }
  const staying = assignments.filter(({ removing }) => removing === undefined);
  if (goal === "stopped") {
    const up = assignments.filter(({ phase }) => phase === "Running" || phase === "Pending").length;
    return up === 0 ? { state: "done" } : waiting(`${up} of ${assignments.length} still run`);
  }
  const reached = goal === "running" ? staying.filter(isUp).length : deployment.healthy + staying.filter(isHeld).length;
  const settled = rollout.state === "done" || !ours;
  const complete = reached >= wanted && deployment.updated >= wanted && staying.length === assignments.length;
  // Nothing of a stopped deployment runs, whatever was declared: that it was taken is all that can be waited for.
  if (settled && (complete || deployment.status === "Stopped")) return { state: "done" };
  return waiting(
    [
      rollout.state === "rolling_back" && `rolling back to version ${rollout.from}`,
      `${reached} of ${wanted} ${goal}`,
      deployment.updated < wanted && `${deployment.updated} on version ${deployment.version}`,
      deployment.failing > 0 && `${deployment.failing} failing`,
      deployment.unplaced > 0 && `${deployment.unplaced} without a node`,
      paused && "paused",
    ]
      .filter((part) => part !== false)
      .join(", "),
  );
}

type Assignment = DeploymentDetail["assignments"][number];

/** One that was stopped by itself is as it should be; so is a job that has ended well. */
function isUp({ desired, exitCode, phase }: Assignment): boolean {
  return phase === "Running" || (phase === "Exited" && exitCode === 0) || desired === "Stopped";
}

function isHeld({ desired, healthy }: Assignment): boolean {
  return desired === "Stopped" && !healthy;
}

function failed(reason: string): Verdict {
  return { state: "failed", reason };
}

function waiting(text: string): Verdict {
  return { state: "waiting", text };
}
