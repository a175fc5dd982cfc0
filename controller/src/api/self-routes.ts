import type { Routes } from "@damson/core/http";
import type {} from "@fastify/swagger";
import type { ApiParts } from "./routes.ts";

export function selfRoutes(_api: ApiParts): Routes {
  return async (app) => {
    app.get("/healthz", { schema: { hide: true }, config: { open: true } }, async (_request, reply) =>
      reply.type("text/plain").send("ok"),
    );
  };
}
