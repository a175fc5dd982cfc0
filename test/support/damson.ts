import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../cli/bin/damson.js", import.meta.url));
const LONGEST_MS = 60_000;

/** What a command came to. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `damson` with these arguments to its end; of this process' environment it gets PATH, HOME and `environment`. */
export function damson(
  words: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const { PATH, HOME } = process.env;
  const options = { cwd, env: { PATH, HOME, ...environment }, timeout: LONGEST_MS };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [BIN, ...words], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}
