import { METHODS } from "node:http";
import { DamsonError } from "@damson/plugin-sdk";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import createRouter, { type HTTPMethod } from "find-my-way";
import { didYouMean } from "../schema/index.ts";
import { answerError } from "./error-answers.ts";

// Longer paths are not worth a guess.
const GUESSED_PATH_LENGTH = 120;

/**
 * Answers requests that no route serves: 405 with `Allow` when the path has other methods, else 404 with the likeliest
 * path. Fastify knows only that nothing matched, hence a second router, which is asked in that case alone.
 */
export function answerUnknownRoutes(app: FastifyInstance): void {
  const router = createRouter({ defaultRoute: () => undefined });
  const patterns = new Set<string>();
  const used = new Set<HTTPMethod>();
  app.addHook("onRoute", ({ method, url }) => {
    for (const one of [method].flat()) {
      if (!isMethod(one) || router.hasRoute(one, url)) continue;
      router.on(one, url, () => undefined);
      used.add(one);
    }
    patterns.add(url);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const allowed = [...used].filter((method) => router.find(method, path) !== null).sort();
    return allowed.length > 0
      ? methodNotAllowed(request, reply, allowed)
      : notFound(request, reply, path, [...patterns]);
  });
}

function methodNotAllowed(request: FastifyRequest, reply: FastifyReply, allowed: readonly string[]): FastifyReply {
  void reply.header("allow", allowed.join(", "));
  const error = new DamsonError("METHOD_NOT_ALLOWED", `${request.method} is not possible here`, {
    status: 405,
    remedy: `Use ${allowed.join(" or ")}.`,
  });
  return answerError(error, request, reply);
}

function notFound(request: FastifyRequest, reply: FastifyReply, path: string, patterns: string[]): FastifyReply {
  const guess = path.length <= GUESSED_PATH_LENGTH ? didYouMean(path, patterns) : undefined;
  const error = new DamsonError("NOT_FOUND", `There is nothing at ${request.method} ${path}`, {
    status: 404,
    remedy: guess ?? "See /openapi.json for what there is.",
  });
  return answerError(error, request, reply);
}

function isMethod(method: string): method is HTTPMethod {
  return METHODS.includes(method);
}
