import { DamsonError } from "@damson/plugin-sdk";
import type { FastifyReply, FastifyRequest } from "fastify";
import { knownError } from "../known-error.ts";
import { problemOf } from "../problem.ts";
import { type StreamSource, streamReply } from "./stream-reply.ts";

/** One server-sent event. */
export interface SseEvent {
  /** What a client that reconnects sends as `Last-Event-ID`. No line breaks. */
  readonly id?: string;
  /** Kind of event. No line breaks. `problem` is taken: it is the last event of a stream that fails. */
  readonly event?: string;
  /** Sent as JSON. */
  readonly data?: unknown;
  /** Sent as it is, instead of `data`, to clients that expect a plain word. No line breaks. */
  readonly text?: string;
}

/** How {@link sse} sends. */
export interface SseOptions {
  /** Time between comments that keep proxies from closing an idle connection. @default 15000 */
  readonly heartbeatMs?: number;
  /** Time after which a client that was cut off should come back. @default 2000 */
  readonly retryMs?: number;
}

const LINE_BREAK = /[\r\n\0]/;
const ID_MAX_LENGTH = 4_096;

/**
 * Answers with server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). Use as
 * `return sse(reply, (signal) => events(signal))`.
 *
 * When the source throws, a last event `problem` carries a problem document. @fastify/sse is not used: it neither tells
 * the source that the client has gone nor stops waiting for a client that went while it was slow.
 */
export function sse(reply: FastifyReply, source: StreamSource<SseEvent>, options: SseOptions = {}): FastifyReply {
  const { heartbeatMs = 15_000, retryMs = 2_000 } = options;
  return streamReply(reply, source, {
    contentType: "text/event-stream; charset=utf-8",
    opening: `retry: ${retryMs}\n\n`,
    frame,
    failure: (thrown) => frame({ event: "problem", data: problemOf(knownError(thrown), reply.request.id) }),
    heartbeat: { text: ": still here\n\n", everyMs: heartbeatMs },
  });
}

/**
 * Id of the last event that a reconnecting client has seen, from the header or, for clients that cannot set it,
 * `?last_event_id`; `undefined` for a new client.
 *
 * @throws DamsonError `EVENT_ID_INVALID` (400) when it is longer than any id.
 */
export function lastEventId(request: FastifyRequest): string | undefined {
  const id = request.headers["last-event-id"] ?? Object(request.query).last_event_id;
  if (id === undefined || id === "") return undefined;
  if (typeof id === "string" && id.length <= ID_MAX_LENGTH) return id;
  throw new DamsonError("EVENT_ID_INVALID", "Last-Event-ID is not the id of an event", { status: 400 });
}

function frame({ id, event, data, text }: SseEvent): string {
  if (LINE_BREAK.test(`${id}${event}${text}`))
    throw new TypeError("The id, kind or text of an event holds a line break");
  const lines = [
    id !== undefined && `id: ${id}`,
    event !== undefined && `event: ${event}`,
    `data: ${text ?? JSON.stringify(data)}`,
  ];
  return `${lines.filter((line) => line !== false).join("\n")}\n\n`;
}
