import { on } from "node:events";
import { DamsonError, type ExecSession, errorText, type Logger } from "@damson/plugin-sdk";
import type { WebSocket } from "ws";
import { keepAlive, knownError, problemOf } from "../../http/index.ts";
import { type ExecEnd, type ExecInput, invalid, outputMessages, readInput } from "./messages.ts";

/** Messages that wait for a command which does not read, before the client is held up; and when it may go on. */
const WAITING = { highWaterMark: 8, lowWaterMark: 2 } as const;

/** Codes of RFC 6455, 7.4.1. */
const CLOSE = { normal: 1000, goingAway: 1001, policy: 1008, internal: 1011 } as const;

/** As `ws` emits it. */
type Message = [data: Buffer, isBinary: boolean];

/** How an exec is relayed. */
export interface ExecRelay {
  /** Runs the command; what it throws is told to the client. The signal aborts when the client has gone. */
  open(signal: AbortSignal): Promise<ExecSession>;
  readonly stdin: boolean;
  readonly terminal: boolean;
  /** Aborts when the server closes, and ends the exec. */
  readonly closing: AbortSignal;
  readonly requestId: string;
  readonly log: Logger;
}

/**
 * Connects a client's WebSocket with a command until one of the two ends. What one side does not take holds the other
 * side up, so that little waits in between.
 */
export async function relayExec(socket: WebSocket, relay: ExecRelay): Promise<void> {
  const over = new AbortController();
  socket.once("close", () => over.abort());
  // From the first moment: what comes while the command is started must not be lost.
  const messages = on(socket, "message", { close: ["close"], ...WAITING }) as AsyncIterable<Message>;
  keepAlive(socket);
  const end = await run(socket, messages, over.signal, relay);
  over.abort();
  // When it was held up, the client's leave could not be read.
  socket.resume();
  socket.send(JSON.stringify(end));
  socket.close(closeCode(end, relay.closing));
}

async function run(
  socket: WebSocket,
  messages: AsyncIterable<Message>,
  signal: AbortSignal,
  relay: ExecRelay,
): Promise<ExecEnd> {
  const failed = Promise.withResolvers<never>();
  const stop = (): void => failed.reject(serverClosing());
  relay.closing.addEventListener("abort", stop, { once: true });
  const work = async (): Promise<ExecEnd> => {
    const session = await relay.open(signal);
    takeInput(messages, session, relay).catch(failed.reject);
    for await (const output of session.output) {
      for (const message of outputMessages(output)) await send(socket, message);
    }
    return { type: "exit", code: await session.exitCode() };
  };
  try {
    return await Promise.race([work(), failed.promise]);
  } catch (thrown) {
    const error = knownError(thrown);
    if (error.status >= 500 && !signal.aborted && !relay.closing.aborted) {
      relay.log.error({ reqId: relay.requestId, err: error.cause ?? error, code: error.code }, error.message);
    }
    return { type: "error", problem: problemOf(error, relay.requestId) };
  } finally {
    relay.closing.removeEventListener("abort", stop);
  }
}

/** Ends with the connection. @throws DamsonError `EXEC_MESSAGE_INVALID` (400) */
async function takeInput(messages: AsyncIterable<Message>, session: ExecSession, relay: ExecRelay): Promise<void> {
  if (!relay.stdin) session.end();
  for await (const [data, isBinary] of messages) {
    const input = readInput(data, isBinary);
    if (input.type === "resize" && !relay.terminal)
      throw invalid("there is no terminal to resize; ask for one with tty");
    if (input.type !== "resize" && !relay.stdin) throw invalid("there is no input; ask for one with stdin");
    await give(session, input).catch((thrown: unknown) => {
      // The command may just have ended, which its output tells.
      relay.log.debug({ reqId: relay.requestId }, `${input.type} of an exec was not taken: ${errorText(thrown)}`);
    });
  }
}

async function give(session: ExecSession, input: ExecInput): Promise<void> {
  if (input.type === "stdin") await session.write(input.data);
  else if (input.type === "eof") session.end();
  else await session.resize(input.size);
}

/** Resolves when the system has taken it. */
function send(socket: WebSocket, message: Buffer): Promise<void> {
  return new Promise((resolve, reject) => socket.send(message, (error) => (error ? reject(error) : resolve())));
}

function closeCode(end: ExecEnd, closing: AbortSignal): number {
  if (end.type === "exit") return CLOSE.normal;
  if (closing.aborted) return CLOSE.goingAway;
  return end.problem.status < 500 ? CLOSE.policy : CLOSE.internal;
}

function serverClosing(): DamsonError {
  return new DamsonError("SERVER_CLOSING", "The agent is stopping, and ends the command", {
    status: 503,
    remedy: "Run it again when the agent has been started again.",
  });
}
