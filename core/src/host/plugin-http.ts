import type { IncomingMessage, ServerResponse } from "node:http";
import { DamsonError } from "@damson/plugin-sdk";
import { type FastifyBaseLogger, type FastifyInstance, type FastifyPluginAsync, fastify, LogController } from "fastify";
import { answerError } from "../http/error-answers.ts";
import { parseJsonBody } from "../http/json-body.ts";
import { answerUnknownRoutes } from "../http/known-routes.ts";
import { validatorCompiler } from "../http/validation.ts";
import { asPlugin } from "./attribution.ts";
import type { PluginLife } from "./life.ts";

/** Where {@link pluginRoutes} is to be registered; also in the paths that plugins' own instances serve. */
export const PLUGIN_ROUTES_PREFIX = "/v1/plugins";

/** Answers a request with one plugin's routes. */
export type PluginHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The Fastify instance of a plugin's routes, or `undefined` when it has none.
 *
 * Each plugin has an instance of its own, that never listens: Fastify takes no routes once it serves, and gives none
 * back, while plugins come and go.
 */
export async function serveRoutes(life: PluginLife): Promise<FastifyInstance | undefined> {
  if (life.routes.length === 0) return undefined;
  // The server that hands over the request logs it.
  const loggerInstance: FastifyBaseLogger = life.log;
  const server = fastify({ loggerInstance, logController: new LogController({ disableRequestLogging: true }) });
  try {
    speakAsTheServer(server);
    const prefix = `${PLUGIN_ROUTES_PREFIX}/${life.id}`;
    for (const routes of life.routes) server.register(routes, { prefix });
    await asPlugin(life.id, async () => server.ready());
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

// Requests and errors look the same whether Damson's own routes or a plugin's serve them.
function speakAsTheServer(server: FastifyInstance): void {
  server.setValidatorCompiler(validatorCompiler);
  server.setErrorHandler(answerError);
  server.removeContentTypeParser("application/json");
  server.addContentTypeParser(
    "application/json",
    { parseAs: "string" },
    async (_request: unknown, body: string | Buffer) => parseJsonBody(String(body)),
  );
  answerUnknownRoutes(server);
}

/** Hands a request to the instance of one plugin, attributed to it. */
export function handlerOf(life: PluginLife, server: FastifyInstance): PluginHandler {
  return (request, response) => asPlugin(life.id, () => server.routing(request, response));
}

/**
 * Serves the routes of all plugins that are ready at the time of a request. Register it with the prefix
 * {@link PLUGIN_ROUTES_PREFIX}; hooks of the server, such as its check of tokens, run before the plugin sees anything.
 *
 * A request gets 404 `PLUGIN_UNKNOWN` or `PLUGIN_ROUTE_NOT_FOUND`, or 503 `PLUGIN_NOT_READY`, when there is nothing to
 * hand it to.
 */
export function pluginRoutes(host: { handler(id: string): PluginHandler }): FastifyPluginAsync {
  return async (server) => {
    // The body stays unread, for the plugin's own instance to parse.
    server.removeAllContentTypeParsers();
    server.addContentTypeParser("*", (_request, _payload, done) => done(null));
    server.all<{ Params: { id: string } }>("/:id/*", { schema: { hide: true } }, (request, reply) => {
      const handler = host.handler(request.params.id);
      reply.hijack();
      handler(request.raw, reply.raw);
    });
  };
}

/** Why a plugin cannot answer a request. */
export function noHandler(id: string, state: string | undefined): DamsonError {
  if (state === undefined) return new DamsonError("PLUGIN_UNKNOWN", `there is no plugin "${id}"`, { status: 404 });
  if (state === "ready") {
    return new DamsonError("PLUGIN_ROUTE_NOT_FOUND", `the plugin "${id}" has no routes`, { status: 404 });
  }
  return new DamsonError("PLUGIN_NOT_READY", `the plugin "${id}" is ${state}`, {
    status: 503,
    retryable: true,
    remedy: "`damson plugin list` or GET /v1/plugins has the reason.",
  });
}
