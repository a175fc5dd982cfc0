import type { FastifyReply } from "fastify";
import { knownError } from "../known-error.ts";
import { problemOf } from "../problem.ts";
import { type StreamSource, streamReply } from "./stream-reply.ts";

/**
 * Answers with one JSON value a line (https://github.com/ndjson/ndjson-spec). Use as `return ndjson(reply, (signal) => …)`.
 * When the source throws, the last line is `{"problem": …}` with a problem document.
 */
export function ndjson(reply: FastifyReply, source: StreamSource<unknown>): FastifyReply {
  return streamReply(reply, source, {
    contentType: "application/x-ndjson; charset=utf-8",
    opening: "",
    frame: (item) => `${JSON.stringify(item)}\n`,
    failure: (thrown) => `${JSON.stringify({ problem: problemOf(knownError(thrown), reply.request.id) })}\n`,
  });
}
