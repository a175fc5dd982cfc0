import { fileURLToPath } from "node:url";
import { execa } from "execa";

/** The program. */
export const BIN = fileURLToPath(new URL("../../bin/damson.js", import.meta.url));

/** How a command is run. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it reads on stdin. */
  readonly input?: string;
  /** It is killed after this time. @default 60 s */
  readonly lifetimeMs?: number;
}

/** What a command came to. */
export interface Ran {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `damson` as a user does, with nothing of this process' environment but what it needs. */
export function startDamson(words: readonly string[], { env, cwd, input = "", lifetimeMs = 60_000 }: RunOptions = {}) {
  const { PATH, HOME } = process.env;
  return execa(process.execPath, [BIN, ...words], {
    ...(cwd === undefined ? {} : { cwd }),
    input,
    env: { PATH, HOME, ...env },
    extendEnv: false,
    reject: false,
    timeout: lifetimeMs,
  });
}

/** Runs `damson` to its end. */
export async function damson(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { exitCode, stdout, stderr } = await startDamson(words, options);
  return { exitCode, stdout, stderr };
}
