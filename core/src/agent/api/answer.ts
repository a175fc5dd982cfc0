import { durationMs } from "@damson/plugin-sdk";
import type { FastifyRequest } from "fastify";
import type { Agent, Changed } from "../agent.ts";
import { revisionOf } from "../document.ts";
import type { ApplyAnswer } from "../schema/apply.ts";
import { type Goal, waitFor } from "../wait.ts";

/** Longest that a request waits for an app; a client that wants to wait longer asks again. */
const MAX_WAIT_MS = 600_000;

const DEFAULT_WAIT = "30s";

/** Answer to a call that changed what is declared. */
export function changeAnswer({ app, changed, warnings = [] }: Changed, message: string): ApplyAnswer {
  const document = app.document.value;
  const { version } = revisionOf(document, document.current).spec;
  const answer = { success: true as const, message, app: app.name, version, changed };
  return warnings.length > 0 ? { ...answer, warnings: [...warnings] } : answer;
}

/** Waits as the query of a request asks, and no longer than its client does. */
export async function waitAsAsked(
  agent: Agent,
  name: string,
  goal: Goal,
  timeout: string | number | undefined,
  request: FastifyRequest,
): Promise<void> {
  const gone = new AbortController();
  const onClose = (): void => {
    if (!request.raw.complete || request.raw.socket.destroyed) gone.abort();
  };
  request.raw.socket.once("close", onClose);
  try {
    await waitFor(agent, name, goal, Math.min(durationMs(timeout ?? DEFAULT_WAIT), MAX_WAIT_MS), gone.signal);
  } finally {
    request.raw.socket.off("close", onClose);
  }
}
