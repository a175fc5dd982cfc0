import { DamsonError } from "@damson/plugin-sdk";
import websocket from "@fastify/websocket";
import type { FastifyInstance } from "fastify";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Whether the route is served as a WebSocket, by its `wsHandler`. @default false */
    webSocket?: boolean;
  }
}

/** Most bytes of a message, in both directions. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** Time in which a client has to take its leave when the server closes. */
const CLOSE_MS = 1_000;

/**
 * Lets routes with `config: { webSocket: true }` and a `wsHandler` take WebSockets. The request to upgrade goes the way of
 * every other one: Host, Origin and token are checked, then its schema and the hooks of its route, and what fails is
 * answered with a problem document. Messages are not compressed, so none is larger than it looks.
 */
export async function serveWebSockets(app: FastifyInstance): Promise<void> {
  await app.register(websocket, {
    options: { maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false },
    errorHandler(error, socket, request) {
      request.log.info({ reqId: request.id, err: error }, "A WebSocket broke off");
      // After a message that was refused, it is being closed with the reason.
      if (socket.readyState === socket.OPEN) socket.terminate();
    },
    preClose(done) {
      for (const socket of app.websocketServer.clients) {
        const timer = setTimeout(() => socket.terminate(), CLOSE_MS);
        socket.once("close", () => clearTimeout(timer));
      }
      done();
    },
  });
  app.addHook("onRequest", async ({ is404, ws, routeOptions }) => {
    if (ws && !is404 && !routeOptions.config.webSocket) throw noWebSocket();
    if (!ws && routeOptions.config.webSocket) throw upgradeRequired();
  });
}

function noWebSocket(): DamsonError {
  return new DamsonError("UPGRADE_REFUSED", "There is no WebSocket here", {
    status: 400,
    remedy: "Send the request without the headers Upgrade and Connection: Upgrade.",
  });
}

function upgradeRequired(): DamsonError {
  return new DamsonError("UPGRADE_REQUIRED", "This is served as a WebSocket", {
    status: 426,
    remedy: "Call it with a WebSocket client, which sends the headers that ask for one.",
  });
}
