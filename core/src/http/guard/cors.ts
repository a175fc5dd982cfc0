import corsHeaders from "@fastify/cors";
import type { FastifyInstance } from "fastify";
import type { Origins } from "./origins.ts";

/** How long a browser may keep to what a preflight was answered, in seconds. */
const KEPT_S = 600;

/**
 * Tells browsers that pages of these origins may call (https://fetch.spec.whatwg.org/#http-cors-protocol), and answers their
 * preflights, which carry no token. To be set up before the guard, so that pages can read its refusals too. Never allows
 * credentials: the token is a header that the page sets itself.
 */
export async function allowOrigins(app: FastifyInstance, origins: Origins): Promise<void> {
  if (origins.isEmpty) return;
  await app.register(corsHeaders, {
    // `false`: no header, and what others send goes to the guard, which refuses it.
    origin: (origin, done) => done(null, origin !== undefined && origins.allows(origin)),
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
    allowedHeaders: ["Content-Type", "Authorization", "Idempotency-Key", "If-Match", "Last-Event-ID"],
    exposedHeaders: ["ETag", "Retry-After"],
    credentials: false,
    maxAge: KEPT_S,
    strictPreflight: false,
  });
}
