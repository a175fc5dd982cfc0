import type { WebSocket } from "ws";

const EVERY_MS = 15_000;
// As for streams: a client that pages through the output may well pause.
const STALL_MS = 300_000;

/**
 * Pings the client, so that proxies keep the connection and a broken one is noticed, and cuts off a client of which
 * nothing was heard for `stallMs`.
 */
export function keepAlive(socket: WebSocket, everyMs = EVERY_MS, stallMs = STALL_MS): void {
  let heardAt = performance.now();
  const hear = (): void => {
    heardAt = performance.now();
  };
  const timer = setInterval(() => {
    // While it is not read, nothing can be heard.
    if (socket.isPaused) hear();
    if (performance.now() - heardAt > stallMs) socket.terminate();
    else socket.ping();
  }, everyMs);
  socket.on("pong", hear);
  socket.on("message", hear);
  socket.once("close", () => clearInterval(timer));
}
