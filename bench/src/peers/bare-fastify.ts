import { createServer } from "node:http";
// The agent's own: found in the clone, so that both servers run on the very same version.
import fastify from "fastify";

/** Serves the text that it is given over IPC at `/v1/status/:app`, and tells its address the same way. */
process.once("message", async (body) => {
  const app = fastify({
    serverFactory: (listener) => createServer({ keepAliveTimeout: 72_000, requestTimeout: 30_000 }, listener),
  });
  app.get("/v1/status/:app", async (_request, reply) => reply.type("application/json; charset=utf-8").send(body));
  process.send?.(await app.listen({ host: "127.0.0.1", port: 0 }));
});
process.once("disconnect", () => process.exit());
