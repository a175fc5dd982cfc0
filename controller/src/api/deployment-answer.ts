import { setTimeout as delay } from "node:timers/promises";
import { durationMs } from "@damson/plugin-sdk";
import type { FastifyRequest } from "fastify";
import type { DeploymentChanged } from "../deployments/answer.ts";
import type { DeploymentWatch } from "../deployments/deployment-watch.ts";
import type { Goal } from "../deployments/goal.ts";
import { waitForGoal } from "../deployments/wait.ts";
import { isActive } from "../model/assignment.ts";
import type { ApiParts } from "./routes.ts";
import type { DeploymentAnswer } from "./schema/deployments.ts";

/** Longest that a request waits; a client that wants to wait longer asks again. */
const MAX_WAIT_MS = 600_000;

const DEFAULT_WAIT = "60s";

/** Longest that an answer is held back until there are instances to name. */
const SETTLE_MS = 10_000;

/** How a request asks to wait. */
interface WaitQuery {
  readonly wait?: Goal["wanted"] | undefined;
  readonly timeout?: string | number | undefined;
}

/** Answers a change of a deployment, once its instances have been placed, and are as the query asks. */
export async function answerChange(
  { parts, deployments }: Pick<ApiParts, "parts" | "deployments">,
  watch: DeploymentWatch,
  request: FastifyRequest,
  { deploymentId, version, changed, warnings }: DeploymentChanged,
  { wait, timeout }: WaitQuery = {},
): Promise<DeploymentAnswer> {
  const { objects } = parts;
  await settle({ deployments }, deploymentId);
  if (wait) {
    const timeoutMs = Math.min(durationMs(timeout ?? DEFAULT_WAIT), MAX_WAIT_MS);
    const goal = { deploymentId, version, wanted: wait };
    await untilGone(request, (signal) => waitForGoal(objects, watch, goal, { timeoutMs, signal }));
  }
  const rows = objects.assignmentsByDeployment.of(deploymentId).filter(({ value }) => isActive(value));
  return {
    deploymentId,
    taskId: deploymentId,
    instances: rows.map(({ id }) => id).sort(),
    version,
    changed,
    warnings: [...warnings],
    resourceVersion: objects.deployments.get(deploymentId)?.revision ?? 0,
  };
}

/** Lets the loop do at once what there is to do. What does not come about now does later: the change is durable. */
export async function settle({ deployments }: Pick<ApiParts, "deployments">, deploymentId: string): Promise<void> {
  const end = new AbortController();
  const tooLong = delay(SETTLE_MS, undefined, { signal: end.signal }).catch(() => undefined);
  await Promise.race([deployments.settle(deploymentId), tooLong]);
  end.abort();
}

/** Works until it is done or the client has gone. */
async function untilGone({ raw }: FastifyRequest, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  raw.socket.once("close", onClose);
  try {
    await work(gone.signal);
  } finally {
    raw.socket.off("close", onClose);
  }
}
