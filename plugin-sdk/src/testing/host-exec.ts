import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readlink } from "node:fs/promises";
import { constants } from "node:os";
import { PassThrough, type Readable } from "node:stream";
import { promisify } from "node:util";
import { DamsonError, errorText } from "../error.ts";
import type { ExecRequest, ExecSession, TerminalSize } from "../runtime/exec.ts";
import type { LogStream } from "../runtime/logs.ts";

/** Chunks that wait for a slow reader, before the command is held up. */
const WAITING_CHUNKS = 4;

/**
 * A command that runs as a process of this machine, with `environment` and what the request adds: the `exec` of runtimes
 * that are made for tests. Its terminal is one of `script` (bsdutils), and `user` is ignored. Ends when `signal` aborts.
 *
 * @throws DamsonError `EXEC_FAILED` (422) when the command cannot be started.
 */
export async function hostExec(
  request: ExecRequest,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ExecSession> {
  const { command, workingDir = "/", terminal } = request;
  const [file = "", ...args] = terminal === undefined ? command : inTerminal(command, terminal);
  const child = spawn(file, args, {
    cwd: workingDir,
    env: { ...environment, ...request.environment },
    // A group of its own, so that the abort reaches all of it.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const { stdin, stdout, stderr } = child;
  const exited = once(child, "exit").catch(() => undefined);
  try {
    await once(child, "spawn");
  } catch (cause) {
    const message = `the command cannot be started: ${errorText(cause)}`;
    throw new DamsonError("EXEC_FAILED", message, { status: 422, cause });
  }
  const output = new PassThrough({ objectMode: true, highWaterMark: WAITING_CHUNKS });
  const pump = async (stream: LogStream, source: Readable): Promise<void> => {
    for await (const data of source) if (!output.write({ stream, data })) await once(output, "drain", { signal });
  };
  const abort = (): void => {
    kill(child);
    // A process that has left the group may hold them.
    stdout.destroy();
    stderr.destroy();
  };
  // What has closed its input is sent no more.
  stdin.on("error", () => undefined);
  void Promise.allSettled([pump("stdout", stdout), pump("stderr", stderr)]).then(() => {
    signal.removeEventListener("abort", abort);
    output.end();
  });
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  return {
    output,
    write: (data) => new Promise((resolve) => stdin.write(data, () => resolve())),
    end: () => void stdin.end(),
    resize: (size) => resizeTerminalOf(child, size),
    async exitCode() {
      await exited;
      return child.exitCode ?? 128 + (child.signalCode === null ? 0 : constants.signals[child.signalCode]);
    },
  };
}

function kill({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

function inTerminal(command: readonly string[], { columns, rows }: TerminalSize): string[] {
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  return ["script", "-qefc", `stty columns ${columns} rows ${rows}; exec ${words}`, "/dev/null"];
}

/** `script` has the other end of the terminal; its child has the terminal itself. */
async function resizeTerminalOf({ pid }: ChildProcess, { columns, rows }: TerminalSize): Promise<void> {
  const [inside] = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).split(" ");
  const terminal = await readlink(`/proc/${inside}/fd/0`);
  await promisify(execFile)("stty", ["-F", terminal, "columns", String(columns), "rows", String(rows)]);
}
