import type { Socket } from "node:net";
import { DamsonError } from "@damson/plugin-sdk";
import type { FastifyReply, FastifyRequest } from "fastify";
import { knownError } from "./known-error.ts";
import { PROBLEM_TYPE, problemOf } from "./problem.ts";

/** Answers `thrown` as a problem document, and logs it when it is the server's fault. */
export function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = knownError(thrown);
  if (error.status >= 500) request.log.error({ err: error.cause ?? error, code: error.code }, error.message);
  // As text, so that the response schema of the route has no say in it.
  return reply
    .code(error.status)
    .header("content-type", `${PROBLEM_TYPE}; charset=utf-8`)
    .send(JSON.stringify(problemOf(error, request.id)));
}

/** Answers what Node's parser refused before there was a request. */
export function answerClientError(error: Error & { code?: string }, socket: Socket, requestId: string): void {
  if (error.code === "ECONNRESET" || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOf(parserError(error.code), requestId);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `Content-Type: ${PROBLEM_TYPE}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

function parserError(code: string | undefined): DamsonError {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return new DamsonError("REQUEST_TIMEOUT", "The request took too long to arrive", { status: 408 });
  }
  if (code === "HPE_HEADER_OVERFLOW") {
    return new DamsonError("HEADERS_TOO_LARGE", "The headers are larger than is accepted", { status: 431 });
  }
  return new DamsonError("HTTP_INVALID", "This is not a valid HTTP/1.1 request", { status: 400 });
}
