import { randomBytes } from "node:crypto";
import { DamsonError } from "@damson/plugin-sdk";
import type { FastifyPluginAsyncTypebox, TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import createFastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from "fastify";
import { boundBodies } from "./body-deadline.ts";
import { Connections } from "./connections.ts";
import { answerClientError, answerError, answerOddRequests } from "./error-answers.ts";
import { type Binding, bindPolicy } from "./guard/bind-policy.ts";
import { type Access, guard } from "./guard/guard.ts";
import { readJsonBody } from "./json-body.ts";
import { answerUnknownRoutes } from "./known-routes.ts";
import { type Registries, serveMetrics } from "./metrics.ts";
import { createNodeServer } from "./node-server.ts";
import { type ServerFacts, serveOpenApi } from "./openapi.ts";
import { lazyValidatorCompiler } from "./validation.ts";
import { serveWebSockets } from "./websocket/websockets.ts";

/** A Fastify server whose routes take their types from TypeBox schemas. */
export type Server = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** A group of routes: `const routes: Routes = async (app) => { app.get(…); }`, given to `app.register`. */
export type Routes = FastifyPluginAsyncTypebox;

/** How {@link createServer} makes a server. */
export interface ServerOptions extends ServerFacts, Binding, Access {
  /** Where requests that fail are logged. @default nowhere */
  readonly logger?: FastifyBaseLogger;
  /** Most bytes of a body; a route may set its own. @default 1048576 (1 MiB) */
  readonly bodyLimit?: number;
  /** Time in which a request must have arrived whole, its headers in the third of it. @default 30000 */
  readonly requestTimeoutMs?: number;
  /** The same for routes with `config.largeBody`. @default requestTimeoutMs */
  readonly largeBodyTimeoutMs?: number;
  /** Time that `close` gives to requests under way. @default 5000 */
  readonly closeDeadlineMs?: number;
  /** Metrics to show beside those of the process and of requests. @default none */
  readonly registries?: Registries;
}

/**
 * Makes a server that says in problem documents what is wrong, checks Host, Origin and token, describes itself at
 * `/openapi.json`, and shows its metrics at `/metrics`. Add routes, then call `app.listen({ host, port })` with the same
 * host. `app.close()` ends streams at once, and other requests after `closeDeadlineMs`.
 *
 * @throws DamsonError `BIND_REFUSED` when `host` is not the loopback and there is neither token nor TLS.
 */
export async function createServer(options: ServerOptions): Promise<Server> {
  bindPolicy(options);
  const { logger, tls, requestTimeoutMs = 30_000, closeDeadlineMs = 5_000 } = options;
  const { largeBodyTimeoutMs = requestTimeoutMs } = options;
  const connections = new Connections();
  const newRequestId = requestIds();
  const app = createFastify({
    ...(logger && { loggerInstance: logger }),
    // A line for each request would cost more than most requests; failures are logged where they are answered.
    logController: new LogController({ disableRequestLogging: true }),
    // Nor is a logger made for each: what is logged of a request names it.
    childLoggerFactory: (parent) => parent,
    bodyLimit: options.bodyLimit ?? 1_048_576,
    genReqId: newRequestId,
    // Answered below, with a problem document.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler(error, socket) {
      const requestId = newRequestId();
      app.log.info({ reqId: requestId, code: error.code }, "Not a readable request");
      answerClientError(error, socket, requestId);
    },
    serverFactory(listener) {
      const server = createNodeServer(listener, { requestTimeoutMs, largeBodyTimeoutMs, tls });
      answerOddRequests(server);
      // `localhost` may be two addresses, each with a server of its own.
      connections.of(server);
      return server;
    },
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setValidatorCompiler(lazyValidatorCompiler);
  acceptJsonOnly(app);
  app.setErrorHandler(answerError);
  closeInTime(app, connections, closeDeadlineMs);
  if (largeBodyTimeoutMs > requestTimeoutMs) boundBodies(app, requestTimeoutMs);
  await guard(app, options);
  await serveWebSockets(app);
  answerUnknownRoutes(app);
  serveMetrics(app, options.registries ?? (() => []));
  await serveOpenApi(app, options);
  return app;
}

/** Ids that no other server gives: a random part of this one's own, and a count. */
function requestIds(): () => string {
  const own = randomBytes(8).toString("hex");
  let count = 0;
  return () => {
    count += 1;
    return `${own}-${count}`;
  };
}

function acceptJsonOnly(app: Server): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/json",
    { parseAs: "buffer" },
    async ({ headers }: FastifyRequest, body: Buffer) => readJsonBody(body, headers["content-encoding"]),
  );
}

function closeInTime(app: Server, connections: Connections, deadlineMs: number): void {
  const closing = new AbortController();
  let deadline: NodeJS.Timeout | undefined;
  app.decorate("closing", closing.signal);
  app.addHook("onRequest", (_request, _reply, done) => done(closing.signal.aborted ? serverClosing() : undefined));
  app.addHook("onResponse", async () => {
    // As soon as the connection is free: a request that waits behind this one is still told that it came too late.
    if (closing.signal.aborted) setImmediate(() => connections.endIdle());
  });
  app.addHook("preClose", async () => {
    closing.abort();
    deadline = setTimeout(() => connections.endAll(), deadlineMs);
    connections.endIdle();
  });
  app.addHook("onClose", async () => clearTimeout(deadline));
}

function serverClosing(): DamsonError {
  return new DamsonError("SERVER_CLOSING", "The server is stopping", {
    status: 503,
    retryable: true,
    remedy: "Try again when it has been started again.",
  });
}
