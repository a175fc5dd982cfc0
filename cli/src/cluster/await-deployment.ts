import { setTimeout as pause } from "node:timers/promises";
import { answer, type ControllerClient, type DeploymentDetail, UnreachableError } from "@damson/client";
import { CliError } from "../cli-error.ts";
import type { Progress } from "../output/progress.ts";
import { type Goal, judge } from "./judge.ts";

const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 1_000;

/** What to wait for. */
export interface Awaited {
  /** Name or id of the deployment. */
  readonly id: string;
  readonly goal: Goal;
  /** The version that a change made; a later one ends the waiting. `undefined`: whichever it has. */
  readonly version?: number | undefined;
  readonly timeoutMs: number;
  /** Ends the waiting, with an error. */
  readonly signal?: AbortSignal;
}

/** A rollout that failed, or did not end in time; with how the deployment stands. */
export class DeploymentError extends CliError {
  readonly detail: DeploymentDetail | undefined;

  constructor(code: string, message: string, remedy: string, detail: DeploymentDetail | undefined) {
    super(code, message, { remedy });
    this.detail = detail;
  }
}

/**
 * Waits until a deployment is as it should be, also over a restart of the controller. The waiting is done here, since a
 * rollout may last longer than any one answer.
 *
 * @throws DeploymentError `DEPLOYMENT_FAILED` or `WAIT_TIMEOUT`.
 */
export async function awaitDeployment(
  { api }: ControllerClient,
  { id, goal, version, timeoutMs, signal }: Awaited,
  progress: Progress,
): Promise<DeploymentDetail> {
  const end = performance.now() + timeoutMs;
  let detail: DeploymentDetail | undefined;
  let waitMs = FIRST_PAUSE_MS;
  for (;;) {
    try {
      detail = await answer(api.GET("/v1/deployments/{id}", { params: { path: { id } } }));
      const found = judge(detail, goal, version);
      if (found.state === "done") return detail;
      if (found.state === "failed")
        throw new DeploymentError("DEPLOYMENT_FAILED", found.reason, remedyFor(detail), detail);
      progress.update(`${detail.deployment.name}: ${found.text}`);
    } catch (thrown) {
      // One that has never answered will hardly come.
      const known = detail !== undefined || version !== undefined;
      if (!(thrown instanceof UnreachableError) || !known || performance.now() > end) throw thrown;
      progress.update(`${id}: ${thrown.message}`);
    }
    if (performance.now() > end) throw late(id, timeoutMs, detail, goal, version);
    await pause(waitMs, undefined, signal && { signal });
    waitMs = Math.min(waitMs * 1.5, LONGEST_PAUSE_MS);
  }
}

function late(
  id: string,
  timeoutMs: number,
  detail: DeploymentDetail | undefined,
  goal: Goal,
  version: number | undefined,
): DeploymentError {
  const found = detail && judge(detail, goal, version);
  const text = found?.state === "waiting" ? `: ${found.text}` : "";
  const message = `${detail?.deployment.name ?? id} is not ${goal} within ${timeoutMs / 1_000}s${text}`;
  return new DeploymentError("WAIT_TIMEOUT", message, remedyFor(detail), detail);
}

function remedyFor(detail: DeploymentDetail | undefined): string {
  const name = detail?.deployment.name ?? "<deployment>";
  return detail && detail.deployment.unplaced > 0
    ? `\`damson explain ${name}\` tells which nodes were rejected for what.`
    : `\`damson deployment show ${name}\` and \`damson events --cluster --deployment ${name}\` say more.`;
}
