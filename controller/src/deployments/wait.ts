import { DamsonError } from "@damson/plugin-sdk";
import type { Objects } from "../objects/objects.ts";
import type { DeploymentWatch } from "./deployment-watch.ts";
import { type Goal, outcomeOf } from "./goal.ts";

/** Changes come in crowds, and each look goes over all instances. */
const LOOK_MS = 50;

/**
 * Resolves when the deployment has come to `goal`, or `signal` aborts. What was declared stays declared, however it ends.
 *
 * @throws DamsonError `DEPLOYMENT_FAILED` (409) once it is plain that it will not, `WAIT_TIMEOUT` (504) after `timeoutMs`
 */
export async function waitForGoal(
  objects: Objects,
  watch: DeploymentWatch,
  goal: Goal,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let looking: NodeJS.Timeout | undefined;
    const end = (): void => {
      clearTimeout(looking);
      clearTimeout(deadline);
      unlisten();
      signal.removeEventListener("abort", abandon);
    };
    const abandon = (): void => {
      end();
      resolve();
    };
    const look = (): void => {
      looking = undefined;
      const outcome = outcomeOf(objects, goal);
      if (outcome !== "reached" && "missing" in outcome) return;
      end();
      if (outcome === "reached") resolve();
      else reject(outcome);
    };
    const unlisten = watch.listen(goal.deploymentId, () => {
      looking ??= setTimeout(look, LOOK_MS);
    });
    const deadline = setTimeout(() => {
      end();
      reject(timedOut(objects, goal, timeoutMs));
    }, timeoutMs);
    signal.addEventListener("abort", abandon);
    if (signal.aborted) abandon();
    else look();
  });
}

function timedOut(objects: Objects, goal: Goal, timeoutMs: number): DamsonError {
  const outcome = outcomeOf(objects, goal);
  const missing = outcome !== "reached" && "missing" in outcome ? outcome.missing : "it has just come to an end";
  const name = objects.deployments.get(goal.deploymentId)?.value.name ?? goal.deploymentId;
  return new DamsonError(
    "WAIT_TIMEOUT",
    `Deployment "${name}" is declared, but not ${goal.wanted} after ${timeoutMs / 1_000} s: ${missing}`,
    {
      status: 504,
      retryable: true,
      remedy: `The controller goes on. \`damson explain ${name}\` or GET /v1/deployments/${name}/explain says why.`,
    },
  );
}
