import { usageError } from "./cli-error.ts";

const DEFAULT_MS = 30_000;
/** fetch gives up on an answer whose head takes longer than five minutes. */
const LONGEST_MS = 240_000;

/** How much longer than the agent's own limit to wait for its answer, in milliseconds. */
export const SLACK_MS = 10_000;

/** A checked `--timeout`: the text for the agent (absent: its default), and the same in milliseconds. */
export interface Timeout {
  readonly text?: string;
  readonly ms: number;
}

/**
 * Reads `--timeout`.
 *
 * @throws CliError (exit code 2) when it is no duration, or longer than one call can wait.
 */
export async function readTimeout(text: string | undefined): Promise<Timeout> {
  if (text === undefined) return { ms: DEFAULT_MS };
  const ms = await readDuration("--timeout", text);
  if (ms > LONGEST_MS) throw usageError(`--timeout: the longest wait is ${LONGEST_MS / 1_000}s, got ${text}`);
  return { text, ms };
}

/**
 * Milliseconds of a duration that a flag gave.
 *
 * @throws CliError (exit code 2) that names the flag.
 */
export async function readDuration(flag: string, text: string): Promise<number> {
  const { durationMs, errorText } = await import("@damson/plugin-sdk");
  try {
    return durationMs(text);
  } catch (thrown) {
    throw usageError(`${flag}: ${errorText(thrown)}`, "Write a number with a unit, such as 500ms, 10s, 5m or 2h.");
  }
}
