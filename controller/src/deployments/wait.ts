import { DamsonError } from "@damson/plugin-sdk";
import type { Objects } from "../objects/objects.ts";
import type { DeploymentWatch } from "./deployment-watch.ts";
import { type Goal, outcomeOf } from "./goal.ts";

/** Changes come in crowds, and each look goes over all instances: it takes a tenth of the time at most. */
const LOOK_MS = 50;
const LOOK_SHARE = 10;

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
    let pauseMs = LOOK_MS;
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
    /** @returns what is missing, as long as the wait goes on */
    const look = (): string | undefined => {
      clearTimeout(looking);
      looking = undefined;
      const began = performance.now();
      const outcome = outcomeOf(objects, goal);
      pauseMs = Math.max(LOOK_MS, LOOK_SHARE * (performance.now() - began));
      if (outcome !== "reached" && "missing" in outcome) return outcome.missing;
      end();
      if (outcome === "reached") resolve();
      else reject(outcome);
      return undefined;
    };
    const unlisten = watch.listen(goal.deploymentId, () => {
      looking ??= setTimeout(look, pauseMs);
    });
    const deadline = setTimeout(() => {
      const missing = look();
      if (missing === undefined) return;
      end();
      reject(timedOut(objects, goal, timeoutMs, missing));
    }, timeoutMs);
    signal.addEventListener("abort", abandon);
    if (signal.aborted) abandon();
    else look();
  });
}

function timedOut(objects: Objects, goal: Goal, timeoutMs: number, missing: string): DamsonError {
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
