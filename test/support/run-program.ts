import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";

const LONGEST_MS = 120_000;

/** How {@link runProgram} runs a program. */
export interface RunOptions {
  /** Beside this process' environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: Readable;
}

/** What a program wrote. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end, 2 minutes at most.
 *
 * @throws Error when it does not end with code 0; its message has what the program wrote to stderr.
 */
export async function runProgram(
  program: string,
  words: readonly string[],
  { environment, input }: RunOptions = {},
): Promise<Output> {
  const env = { ...process.env, ...environment };
  const child = spawn(program, words, { env, stdio: "pipe", timeout: LONGEST_MS });
  const ended = new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(signal ?? String(code)));
  });
  // A program that ends before it has read all says so itself.
  child.stdin.on("error", () => undefined);
  if (input) input.pipe(child.stdin);
  else child.stdin.end();
  const [end, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (end !== "0") throw new Error(`${program} ${words.join(" ")}: ${end}\n${stderr}`);
  return { stdout, stderr };
}
