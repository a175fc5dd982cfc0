import { addAbortListener } from "node:events";
import { PassThrough } from "node:stream";
import type { FastifyReply } from "fastify";

declare module "fastify" {
  interface FastifyInstance {
    /** Aborts when the server begins to close, so that answers without an end can end. */
    readonly closing: AbortSignal;
  }
}

// A client that pages through a log may well pause; one that is gone without a word must not hold its source for ever.
const STALL_MS = 300_000;

/** So many characters are not held back for more. */
const BATCH_LENGTH = 16_384;

/** How a stream of items becomes the body of an answer. */
export interface StreamFormat<T> {
  readonly contentType: string;
  /** Sent at once, so that the client knows that it is connected. */
  readonly opening: string;
  readonly frame: (item: T) => string;
  /** Last words, when the source fails after the answer has begun. */
  readonly failure: (thrown: unknown) => string;
  /** What to send when nothing else was, and how often. */
  readonly heartbeat?: { readonly text: string; readonly everyMs: number };
  /** Time after which a client that takes nothing is cut off. @default 300000 */
  readonly stallMs?: number;
}

/** Makes the items to send. Must end soon after `signal` aborts: the client has gone, or the server closes. */
export type StreamSource<T> = (signal: AbortSignal) => AsyncIterable<T>;

/** Answers with the items of `source`, and asks for the next one only when the client has taken the last ones. */
export function streamReply<T>(reply: FastifyReply, source: StreamSource<T>, format: StreamFormat<T>): FastifyReply {
  const body = new PassThrough();
  const ended = new AbortController();
  const closing = addAbortListener(reply.server.closing, () => ended.abort());
  const heartbeat = beat(body, format.heartbeat);
  body.once("close", () => {
    ended.abort();
    closing[Symbol.dispose]();
    clearInterval(heartbeat);
  });
  // A HEAD request, or a client that is gone before the body was touched.
  reply.raw.once("close", () => body.destroy());
  body.write(format.opening);
  void pump(body, source, format, ended.signal).catch((error: unknown) => {
    if (ended.signal.aborted) body.end();
    else {
      reply.log.warn({ err: error }, "A stream broke off");
      body.end(format.failure(error));
    }
  });
  return reply
    .header("content-type", format.contentType)
    .header("cache-control", "no-store")
    .header("x-accel-buffering", "no")
    .header("connection", "close")
    .send(body);
}

/** Items that come at once are sent at once: each write has its price. */
async function pump<T>(body: PassThrough, source: StreamSource<T>, format: StreamFormat<T>, signal: AbortSignal) {
  let waiting = "";
  let soon: NodeJS.Immediate | undefined;
  const send = (): void => {
    clearImmediate(soon);
    soon = undefined;
    const text = waiting;
    waiting = "";
    if (text !== "" && body.writable) body.write(text);
  };
  try {
    for await (const item of source(signal)) {
      if (signal.aborted) break;
      waiting += format.frame(item);
      if (waiting.length >= BATCH_LENGTH) send();
      else soon ??= setImmediate(send);
      if (body.writableNeedDrain) await drained(body, signal, format.stallMs ?? STALL_MS);
    }
  } finally {
    send();
  }
  body.end();
}

async function drained(body: PassThrough, signal: AbortSignal, stallMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stalled = setTimeout(() => body.destroy(), stallMs);
  const aborted = addAbortListener(signal, () => resolve());
  body.once("drain", resolve);
  await promise;
  clearTimeout(stalled);
  aborted[Symbol.dispose]();
  body.off("drain", resolve);
}

function beat(body: PassThrough, heartbeat: StreamFormat<never>["heartbeat"]): NodeJS.Timeout | undefined {
  if (!heartbeat) return undefined;
  const send = () => {
    if (body.writable && !body.writableNeedDrain) body.write(heartbeat.text);
  };
  return setInterval(send, heartbeat.everyMs).unref();
}
