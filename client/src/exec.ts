import { on, once } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { type RawData, WebSocket } from "ws";
import type { ExecQuery } from "./agent-types.ts";
import { ProblemError } from "./problem-error.ts";
import { UnreachableError } from "./unreachable-error.ts";

/** Some bytes that a command wrote. */
export interface ExecChunk {
  readonly stream: "stdout" | "stderr";
  readonly data: Uint8Array;
}

/** How to reach the agent for an exec. */
export interface ExecOptions {
  /** Base URL of the agent. */
  readonly url: string;
  readonly token?: string | undefined;
  /** Longest wait for the agent's first answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends the command. */
  readonly signal: AbortSignal;
}

const STDIN = 0;
const STREAMS = { 1: "stdout", 2: "stderr" } as const;
const MAX_MESSAGE_BYTES = 1_048_576;
/** Messages that wait for a slow reader before the agent is held up; and when it may go on. */
const WAITING = { highWaterMark: 8, lowWaterMark: 2 } as const;

/** A command that runs inside an instance. */
export class ExecConnection {
  readonly #socket: WebSocket;
  readonly #url: string;
  readonly #messages: AsyncIterable<[data: RawData, isBinary: boolean]>;
  #exitCode: number | null = null;

  private constructor(socket: WebSocket, url: string) {
    this.#socket = socket;
    this.#url = url;
    this.#messages = on(socket, "message", { close: ["close"], ...WAITING }) as AsyncIterable<[RawData, boolean]>;
    // The end of the output tells of it.
    socket.on("error", () => undefined);
  }

  /** @throws ProblemError with what the agent refuses it for; UnreachableError */
  static async open(app: string, query: ExecQuery, options: ExecOptions): Promise<ExecConnection> {
    const { url, token, timeoutMs, signal } = options;
    const target = `${url.replace(/^http/, "ws")}/v1/apps/${encodeURIComponent(app)}/exec?${searchOf(query)}`;
    // In a header, since URLs are kept in logs. Node's own WebSocket cannot send one.
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const socket = new WebSocket(target, {
      headers,
      handshakeTimeout: timeoutMs,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
    });
    signal.addEventListener("abort", () => socket.terminate(), { once: true });
    if (signal.aborted) socket.terminate();
    const connection = new ExecConnection(socket, url);
    const refused = Promise.withResolvers<never>();
    socket.once("unexpected-response", (request: ClientRequest, response: IncomingMessage) => {
      refusalOf(response).then(refused.reject, (error: unknown) => refused.reject(new UnreachableError(url, error)));
      response.once("close", () => request.destroy());
    });
    try {
      await Promise.race([once(socket, "open"), refused.promise]);
    } catch (thrown) {
      throw thrown instanceof ProblemError ? thrown : new UnreachableError(url, thrown);
    }
    return connection;
  }

  /** Its exit code, once its output has ended; `null` when nobody knows it. */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  /**
   * What it writes, until it has ended. While it is not read, the command is held up.
   *
   * @throws ProblemError when it could not be started, or the agent ended it; UnreachableError when the connection broke
   */
  async *output(): AsyncGenerator<ExecChunk, void> {
    for await (const [message, isBinary] of this.#messages) {
      const data = message as Buffer;
      if (isBinary) {
        const stream = STREAMS[data[0] as keyof typeof STREAMS];
        if (stream !== undefined) yield { stream, data: data.subarray(1) };
        continue;
      }
      const end = JSON.parse(data.toString());
      if (end.type === "error") throw new ProblemError(end.problem);
      this.#exitCode = end.code;
      return;
    }
    throw new UnreachableError(this.#url, new Error("the connection broke before the command had ended"));
  }

  /** Resolves when it is on its way. */
  async write(data: Uint8Array): Promise<void> {
    const most = MAX_MESSAGE_BYTES - 1;
    for (let at = 0; at < data.length; at += most) {
      const message = Buffer.concat([Buffer.of(STDIN), data.subarray(at, at + most)]);
      await new Promise<void>((resolve) => this.#socket.send(message, () => resolve()));
    }
  }

  /** Closes its input. */
  end(): void {
    this.#say({ type: "eof" });
  }

  /** Tells the size of the terminal. */
  resize({ columns, rows }: { readonly columns: number; readonly rows: number }): void {
    this.#say({ type: "resize", columns, rows });
  }

  /** Ends the command, if it still runs. */
  close(): void {
    this.#socket.terminate();
  }

  #say(message: object): void {
    // What it would be said to may just have ended.
    this.#socket.send(JSON.stringify(message), () => undefined);
  }
}

function searchOf(query: ExecQuery): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined) search.append(name, String(one));
  }
  return search;
}

async function refusalOf(response: IncomingMessage): Promise<ProblemError> {
  const { statusCode: status = 502, statusMessage: statusText = "" } = response;
  const type = response.headers["content-type"];
  const headers = type === undefined ? {} : { "content-type": type };
  return ProblemError.of(new Response(await text(response), { status, statusText, headers }));
}
