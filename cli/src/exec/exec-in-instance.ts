import { type AgentClient, type ExecConnection, type ExecQuery, ProblemError, UnreachableError } from "@damson/client";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { interruptSignal } from "../interrupt.ts";
import { note, write } from "../output/out.ts";
import { onResize, rawTerminal, terminalSize } from "./terminal.ts";

/**
 * Runs a command in an instance: its output is this program's, and with `stdin` its input too.
 *
 * @returns the exit code to end with
 * @throws what the agent refuses it with, and CliError for a command that was not started, or whose end nobody saw
 */
export async function execInInstance(client: AgentClient, app: string, query: ExecQuery): Promise<number> {
  const signal = interruptSignal();
  const size = query.tty ? terminalSize() : undefined;
  const connection = await client.exec(app, { ...query, ...size }, { signal }).catch((thrown: unknown) => {
    if (!signal.aborted) throw thrown;
  });
  if (connection === undefined) return EXIT.interrupted;
  using _raw = query.tty && query.stdin ? rawTerminal() : undefined;
  using _size = query.tty ? onResize((now) => connection.resize(now)) : undefined;
  using _input = query.stdin ? passInput(connection) : undefined;
  try {
    for await (const { stream, data } of connection.output()) await write(data, stream);
  } catch (thrown) {
    if (signal.aborted) return EXIT.interrupted;
    throw told(thrown);
  } finally {
    connection.close();
  }
  if (connection.exitCode === null) note("The command has ended, and nobody knows how.");
  return connection.exitCode ?? EXIT.unknown;
}

/** Sends what comes on stdin, as fast as the command takes it, until that is disposed of. */
function passInput(connection: ExecConnection): Disposable {
  const { stdin } = process;
  let over = false;
  const send = async (data: Buffer): Promise<void> => {
    stdin.pause();
    await connection.write(data);
    if (!over) stdin.resume();
  };
  const end = (): void => connection.end();
  stdin.on("data", send).once("end", end);
  return {
    [Symbol.dispose]() {
      over = true;
      stdin.off("data", send).off("end", end);
      // Else this program would wait for more.
      stdin.pause();
    },
  };
}

/** The error of a command that did not end by itself. */
function told(thrown: unknown): unknown {
  if (thrown instanceof UnreachableError) {
    return new CliError("EXEC_LOST", thrown.message, {
      exitCode: EXIT.unknown,
      remedy: "An agent that lives ends the command as soon as it notices; under one that was killed it may go on.",
      cause: thrown,
    });
  }
  if (!(thrown instanceof ProblemError)) return thrown;
  const { code, detail, remedy } = thrown.problem;
  const exitCode = { EXEC_FAILED: EXIT.notStarted, SERVER_CLOSING: EXIT.unknown }[code];
  if (exitCode === undefined) return thrown;
  return new CliError(code, detail, { exitCode, cause: thrown, ...(remedy === undefined ? {} : { remedy }) });
}
