import { DamsonError } from "@damson/plugin-sdk";
import type { FastifyInstance } from "fastify";
import { Hosts } from "./hosts.ts";
import { tokenCheck } from "./token.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Served without a token, e.g. for health checks. Host and Origin are checked all the same. @default false */
    open?: boolean;
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
}

/** Checks Host, Origin and token of every request, also of those that no route serves. */
export function guard(app: FastifyInstance, { host, token, allowedHosts = [] }: Access): void {
  const hosts = new Hosts(host, allowedHosts);
  const isRightToken = token === undefined ? undefined : tokenCheck(token);
  app.addHook("onRequest", async (request, reply) => {
    hosts.checkHost(hostHeaders(request.raw.rawHeaders));
    hosts.checkOrigin(request.method, request.headers);
    if (!isRightToken || request.routeOptions.config.open === true) return;
    if (isRightToken(request.headers.authorization)) return;
    void reply.header("www-authenticate", 'Bearer realm="damson"');
    throw new DamsonError("UNAUTHORIZED", "The request has no token, or not the right one", {
      status: 401,
      remedy: "Send the header Authorization: Bearer <token>; the commands take it from --token-file or DAMSON_TOKEN.",
    });
  });
}

/** Node keeps only the first Host header; a proxy in front may have looked at the second. */
function hostHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === "host");
}
