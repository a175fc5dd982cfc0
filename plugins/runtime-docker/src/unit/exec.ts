import { once } from "node:events";
import type { Duplex } from "node:stream";
import { DamsonError, type ExecOutput, type ExecRequest, type ExecSession } from "@damson/plugin-sdk";
import type { Exec } from "dockerode";
import { isRefusal, refusalText, unless } from "../engine/answers.ts";
import type { Engine } from "../engine/engine.ts";
import { frames } from "../logs/frames.ts";
import { hasProgram } from "./check-command.ts";
import { endProcess } from "./end-process.ts";
import { notRunning } from "./stats.ts";

/**
 * Runs a command in a container.
 *
 * @throws DamsonError `NOT_RUNNING` (409) or `EXEC_FAILED` (422)
 */
export async function startExec(
  engine: Engine,
  id: string,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<ExecSession> {
  const { command, environment = {}, workingDir, user, terminal } = request;
  const [program = ""] = command;
  // An engine says only in the command's own output that it could not be started.
  if (!(await hasProgram(engine, id, program, { path: environment.PATH, workingDir })))
    throw failed(`the container has no "${program}"`);
  try {
    const exec = await engine.call("a command in a container", (docker, abortSignal) =>
      docker.getContainer(id).exec({
        Cmd: [...command],
        Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        Tty: terminal !== undefined,
        ...(terminal && { ConsoleSize: [terminal.rows, terminal.columns] }),
        ...(workingDir === undefined ? {} : { WorkingDir: workingDir }),
        ...(user === undefined ? {} : { User: user }),
        abortSignal,
      }),
    );
    const stream = await engine.call("a command in a container", (_, abortSignal) =>
      exec.start({ hijack: true, stdin: true, Tty: terminal !== undefined, abortSignal }),
    );
    const session = new ContainerExec(engine, exec, stream, terminal !== undefined);
    // Engines before API 1.42 know of no size at the start.
    if (terminal) await session.resize(terminal);
    if (signal.aborted) await session.cancel(id);
    else signal.addEventListener("abort", () => void session.cancel(id), { once: true });
    return session;
  } catch (error) {
    if (isRefusal(error, 404, 409)) throw notRunning(id);
    if (!isRefusal(error)) throw error;
    throw failed(refusalText(error));
  }
}

class ContainerExec implements ExecSession {
  readonly output: AsyncIterable<ExecOutput>;
  readonly #engine: Engine;
  readonly #exec: Exec;
  readonly #stream: Duplex;

  constructor(engine: Engine, exec: Exec, stream: Duplex, isTerminal: boolean) {
    this.#engine = engine;
    this.#exec = exec;
    this.#stream = stream;
    // Whoever reads or writes hears of a fault; when nobody does, it must not end the agent.
    stream.on("error", () => undefined);
    this.output = isTerminal ? raw(stream) : divided(stream);
  }

  async write(data: Uint8Array): Promise<void> {
    if (this.#stream.writableEnded || this.#stream.destroyed || this.#stream.write(data)) return;
    const waited = new AbortController();
    const { signal } = waited;
    try {
      await Promise.race([once(this.#stream, "drain", { signal }), once(this.#stream, "close", { signal })]);
    } finally {
      // Else every wait would leave a listener behind.
      waited.abort();
    }
  }

  end(): void {
    this.#stream.end();
  }

  async resize({ columns, rows }: { columns: number; rows: number }): Promise<void> {
    const answer = this.#engine.call("the size of a terminal", (_, abortSignal) =>
      this.#exec.resize({ w: columns, h: rows, abortSignal }),
    );
    // It may have ended already.
    await answer.catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
    });
  }

  async exitCode(): Promise<number | null> {
    const found = await this.#inspect();
    return found?.Running === false ? found.ExitCode : null;
  }

  /** An engine has no call to end a command, and one that is no longer listened to runs on. */
  async cancel(containerId: string): Promise<void> {
    const found = await this.#inspect().catch(() => undefined);
    this.#stream.destroy();
    if (found?.Running && found.Pid > 0) endProcess(found.Pid, containerId);
  }

  async #inspect() {
    const answer = this.#engine.call("about a command", (_, abortSignal) => this.#exec.inspect({ abortSignal }));
    return unless(answer, 404);
  }
}

async function* raw(stream: Duplex): AsyncGenerator<ExecOutput> {
  try {
    for await (const data of stream) yield { stream: "stdout", data };
  } catch (error) {
    if (!stream.destroyed) throw error;
  }
}

async function* divided(stream: Duplex): AsyncGenerator<ExecOutput> {
  try {
    for await (const group of frames(stream)) yield* group;
  } catch (error) {
    if (!stream.destroyed) throw error;
  }
}

function failed(why: string): DamsonError {
  return new DamsonError("EXEC_FAILED", `the command cannot be started: ${why}`, {
    status: 422,
    remedy: "Give a program that is in the image.",
  });
}
