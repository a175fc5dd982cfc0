import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { TestContext } from "vitest";
import { freePort } from "./ports.ts";

const TICK_MS = 20;

/**
 * Passes connections on to `address`, what comes back with so many bytes a second at most on each. It is closed when the
 * test ends.
 *
 * @returns its own address
 */
export async function startSlowProxy(context: TestContext, address: string, bytesPerSecond: number): Promise<string> {
  const [host = "", port] = address.split(":");
  const open = new Set<Socket>();
  const track = (socket: Socket): Socket => {
    open.add(socket.on("error", () => undefined));
    return socket.on("close", () => open.delete(socket));
  };
  const server = createServer((client) => {
    track(client);
    const upstream = track(connect(Number(port), host));
    client.pipe(upstream);
    upstream.on("data", (chunk) => {
      client.write(chunk);
      upstream.pause();
      setTimeout(() => upstream.resume(), Math.max(TICK_MS, (chunk.length / bytesPerSecond) * 1_000));
    });
    upstream.on("close", () => client.end());
    client.on("close", () => upstream.destroy());
  });
  const own = await freePort();
  server.listen(own, "127.0.0.1");
  await once(server, "listening");
  context.onTestFinished(async () => {
    for (const socket of open) socket.destroy();
    await once(server.close(), "close");
  });
  return `127.0.0.1:${own}`;
}
