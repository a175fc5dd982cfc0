import { randomUUID } from "node:crypto";
import { maxHeaderSize, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { DamsonError } from "@damson/plugin-sdk";
import type { FastifyReply, FastifyRequest } from "fastify";
import { knownError } from "./known-error.ts";
import { PROBLEM_TYPE, type Problem, problemOf } from "./problem.ts";

/** Answers `thrown` as a problem document, and logs it when it is the server's fault. */
export function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = knownError(thrown, request.routeOptions.bodyLimit);
  // 504: what the caller waits for is not there in the caller's own time.
  if (error.status >= 500 && error.status !== 504) {
    request.log.error({ reqId: request.id, err: error.cause ?? error, code: error.code }, error.message);
  }
  if (request.headers.upgrade !== undefined) closeAfter(request, reply);
  // As text, so that the response schema of the route has no say in it.
  return reply
    .code(error.status)
    .header("content-type", `${PROBLEM_TYPE}; charset=utf-8`)
    .send(JSON.stringify(problemOf(error, request.id)));
}

/** Node has let go of a connection that was to be upgraded: it serves no other request, and nobody else would end it. */
function closeAfter({ raw: { socket } }: FastifyRequest, reply: FastifyReply): void {
  void reply.header("connection", "close");
  reply.raw.once("finish", () => socket.destroySoon());
}

/** Answers what Node's parser refused before there was a request. */
export function answerClientError(error: ParserError, socket: Duplex, requestId: string): void {
  if (error.code === "ECONNRESET" || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  writeProblem(socket, problemOf(parserError(error), requestId));
}

/** Answers a request whose body takes too long. */
export function answerLateClient(socket: Duplex, requestId: string): void {
  writeProblem(socket, problemOf(requestTimeout(), requestId));
}

/** Answers the requests that Node would otherwise drop, or answer itself: CONNECT, and expectations that it cannot meet. */
export function answerOddRequests(server: Server): void {
  server.on("connect", (_request, socket) => {
    const error = new DamsonError("HTTP_INVALID", "CONNECT is for proxies, and this is none", { status: 400 });
    writeProblem(socket, problemOf(error, randomUUID()));
  });
  server.on("checkExpectation", ({ headers }, response) => {
    const error = new DamsonError("EXPECTATION_FAILED", `"Expect: ${headers.expect}" cannot be met`, {
      status: 417,
      remedy: "Leave the header Expect out.",
    });
    response.shouldKeepAlive = false;
    response.statusCode = error.status;
    response.setHeader("content-type", `${PROBLEM_TYPE}; charset=utf-8`);
    response.end(JSON.stringify(problemOf(error, randomUUID())));
  });
}

/** What Node's parser says of bytes that it cannot read. */
export interface ParserError extends Error {
  readonly code?: string;
  /** In words, e.g. `Invalid method encountered`. */
  readonly reason?: string;
}

function writeProblem(socket: Duplex, problem: Problem): void {
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `Content-Type: ${PROBLEM_TYPE}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

function requestTimeout(): DamsonError {
  return new DamsonError("REQUEST_TIMEOUT", "The request took too long to arrive", { status: 408 });
}

function parserError({ code, reason }: ParserError): DamsonError {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return requestTimeout();
  if (code === "HPE_HEADER_OVERFLOW") {
    return new DamsonError("HEADERS_TOO_LARGE", `URL and headers have more than ${maxHeaderSize} bytes`, {
      status: 431,
      remedy: "Send fewer or shorter headers, or a shorter URL.",
    });
  }
  const why = reason === undefined ? "" : `: ${reason}`;
  return new DamsonError("HTTP_INVALID", `This is not a valid HTTP/1.1 request${why}`, { status: 400 });
}
