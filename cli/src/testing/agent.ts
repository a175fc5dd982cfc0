import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { startDamson } from "./run.ts";

const PLUGINS = fileURLToPath(new URL("../../../plugins.yaml", import.meta.url));

/** An agent in a process of its own. */
export interface TestAgent {
  readonly url: string;
  readonly pid: number;
  /** Resolves with the exit code when it has ended, `undefined` when a signal ended it. */
  ended(): Promise<number | undefined>;
  /** Sends a signal, and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | undefined>;
}

/** How an agent is started. */
export interface TestAgentOptions {
  /** Its plugins.yaml. @default that of this repository */
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `damson agent` with this work directory, as a user would, and waits until it serves. */
export async function startTestAgent(
  workDir: string,
  port = 0,
  { config = PLUGINS, env = {} }: TestAgentOptions = {},
): Promise<TestAgent> {
  const words = ["agent", "--work-dir", workDir, "--port", String(port), "--config", config];
  const child = startDamson(words, { lifetimeMs: 300_000, env });
  const url = await servingUrl(child);
  return {
    url,
    pid: child.pid ?? Number.NaN,
    ended: async () => (await child).exitCode,
    async end(signal) {
      child.kill(signal);
      return (await child).exitCode;
    },
  };
}

async function servingUrl(child: ReturnType<typeof startDamson>): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line);
    if (typeof url === "string") return url;
  }
  throw new Error(`the agent ended: ${(await child).stderr}`);
}
