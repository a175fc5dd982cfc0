import { type AgentClient, type ApplyAnswer, type ApplyRequest, answer } from "@damson/client";
import type { Progress } from "../output/progress.ts";

/** How to apply. */
export interface ApplyOptions {
  readonly wait?: "running" | "healthy" | undefined;
  /** As the agent reads it. */
  readonly timeout?: string | undefined;
  readonly progress: Progress;
}

/**
 * Applies one document. While it waits, the progress tells in which phase the app's instances are.
 *
 * @throws what the call throws: `APP_FAILED`, `WAIT_TIMEOUT`, `SPEC_INVALID` and so on.
 */
export async function applyDocument(
  client: AgentClient,
  document: { readonly [key: string]: unknown },
  { wait, timeout, progress }: ApplyOptions,
): Promise<ApplyAnswer> {
  const done = new AbortController();
  const app = typeof document.app === "string" ? document.app : undefined;
  const phases = wait && app !== undefined ? tellPhases(client, app, progress, done.signal) : undefined;
  const query = { ...(wait ? { wait } : {}), ...(timeout === undefined ? {} : { timeout }) };
  try {
    // The agent checks the document; what it says of a wrong one is better than what could be said here.
    const body = document as ApplyRequest;
    return await answer(client.api.POST("/v1/apply", { params: { query }, body }));
  } finally {
    done.abort();
    await phases;
  }
}

/** Follows the app's events for the progress line. The call itself tells of trouble, so that this need not. */
async function tellPhases(client: AgentClient, app: string, progress: Progress, signal: AbortSignal): Promise<void> {
  try {
    for await (const { type, instance_id, message } of client.followEvents({ app }, { signal })) {
      if (type === "instance.phase") progress.update(`${instance_id ?? app}: ${message}`);
    }
  } catch {
    progress.update(`waiting for ${app}`);
  }
}
