import { DamsonError } from "@damson/plugin-sdk";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { allowOrigins } from "./cors.ts";
import { Hosts } from "./hosts.ts";
import { Origins } from "./origins.ts";
import { tokenCheck } from "./token.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /**
     * Served without a token, e.g. for health checks; or says for a request whether it is, e.g. because its URL is signed.
     * Host and Origin are checked all the same. @default false
     */
    open?: boolean | ((request: FastifyRequest) => boolean);
  }
}

/** Who may call a server. */
export interface Access {
  /** Address or host name that it listens on. */
  readonly host: string;
  /** The token that every request must bring as `Authorization: Bearer`; without one, none is asked for. */
  readonly token?: string | undefined;
  /** More names by which it may be called, and whose pages may call it; each with or without a port. @default [] */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Origins of other sites whose pages may call it, e.g. `https://shop.example`; `*` for all. @default [] */
  readonly corsOrigins?: readonly string[] | undefined;
}

/**
 * Checks Host, Origin and token of every request, also of those that no route serves.
 *
 * @throws DamsonError `ORIGIN_INVALID` (400) for what is no origin in `corsOrigins`.
 */
export async function guard(app: FastifyInstance, access: Access): Promise<void> {
  const { host, token, allowedHosts = [], corsOrigins = [] } = access;
  const origins = new Origins(corsOrigins);
  await allowOrigins(app, origins);
  const hosts = new Hosts(host, allowedHosts, origins);
  const isRightToken = token === undefined ? undefined : tokenCheck(token);
  app.addHook("onRequest", async (request, reply) => {
    hosts.checkHost(hostHeaders(request.raw.rawHeaders));
    hosts.checkOrigin(request.method, request.headers);
    if (!isRightToken || isOpen(request) || isRightToken(request.headers.authorization)) return;
    void reply.header("www-authenticate", 'Bearer realm="damson"');
    throw new DamsonError("UNAUTHORIZED", "The request has no token, or not the right one", {
      status: 401,
      remedy: "Send the header Authorization: Bearer <token>; the commands take it from --token-file or DAMSON_TOKEN.",
    });
  });
}

function isOpen(request: FastifyRequest): boolean {
  const { open = false } = request.routeOptions.config;
  return typeof open === "function" ? open(request) : open;
}

/** Node keeps only the first Host header; a proxy in front may have looked at the second. */
function hostHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === "host");
}
