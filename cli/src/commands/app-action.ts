import { type AgentClient, type ApplyAnswer, answer } from "@damson/client";
import type { Command } from "commander";
import { type Context, contextOf } from "../context.ts";
import { plain } from "../output/plain.ts";
import { withProgress } from "../output/progress.ts";
import { readTimeout, SLACK_MS } from "../timeout.ts";

/** Flags of the commands that change an app and can wait until it is so. */
export interface WaitFlags {
  readonly wait: boolean;
  readonly timeout?: string;
}

/** The query of such a call. */
export interface WaitQuery {
  readonly wait: boolean;
  readonly timeout?: string;
}

/** Adds `--wait`, `--no-wait` and `--timeout`. */
export function addWaitFlags(command: Command): Command {
  return command
    .option("--wait", "return when it is done", true)
    .option("--no-wait", "return when the agent has taken the order")
    .option("--timeout <duration>", "longest wait (default: 30s)");
}

/** Sends an order about an app, waits as the flags say, and shows the answer. */
export async function act(
  command: Command,
  text: string,
  flags: WaitFlags,
  order: (client: AgentClient, query: WaitQuery) => Promise<{ data?: ApplyAnswer; response: Response }>,
): Promise<void> {
  const context = await contextOf(command);
  const timeout = await readTimeout(flags.timeout);
  const client = context.agent({ timeoutMs: timeout.ms + SLACK_MS });
  const query = { wait: flags.wait, ...(timeout.text === undefined ? {} : { timeout: timeout.text }) };
  const done = await withProgress(text, context.json, () => answer(order(client, query)));
  await context.show(done, (value) => renderAnswer(value, context));
}

/** What the agent answered to an order, in one line. */
export function renderAnswer({ app, version, message }: ApplyAnswer, { colors }: Pick<Context, "colors">): string {
  return `${colors.bold(app)} ${version}: ${plain(message)}`;
}
