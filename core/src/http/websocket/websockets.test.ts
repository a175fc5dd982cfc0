import { once } from "node:events";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { listen, RawClient } from "../fixtures/raw-client.ts";
import { createServer, keepAlive, type Server, type ServerOptions } from "../index.ts";

const token = "a-token-of-enough-characters";
const UPGRADE =
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";

async function serve(options: Partial<ServerOptions> = {}, beat: [everyMs: number, stallMs: number] = [1_000, 60_000]) {
  const app: Server = await createServer({ title: "Test", version: "1.0.0", host: "127.0.0.1", ...options });
  app.get("/plain", async () => ({ ok: true }));
  app.route({
    method: "GET",
    url: "/echo",
    config: { webSocket: true },
    handler: async () => undefined,
    wsHandler: async (socket) => {
      keepAlive(socket, ...beat);
      socket.on("message", (data) => socket.send(data));
    },
  });
  return app;
}

async function connected(port: number, options: { autoPong?: boolean } = {}): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/echo`, options);
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  return socket;
}

test.each([
  ["no token", "/echo", "Host: localhost\r\n", "401", "UNAUTHORIZED"],
  ["a foreign Host", "/echo", "Host: evil.example\r\n", "403", "HOST_REFUSED"],
  ["a foreign Origin", "/echo", "Host: localhost\r\nOrigin: http://evil.example\r\n", "403", "ORIGIN_REFUSED"],
  ["a page of another port", "/echo", "Host: localhost:1\r\nOrigin: http://localhost:2\r\n", "403", "ORIGIN_REFUSED"],
  [
    "a path without a WebSocket",
    "/plain",
    `Host: localhost\r\nAuthorization: Bearer ${token}\r\n`,
    "400",
    "UPGRADE_REFUSED",
  ],
  ["a path without anything", "/none", `Host: localhost\r\nAuthorization: Bearer ${token}\r\n`, "404", "NOT_FOUND"],
  ["a path that cannot be read", "/%zz", "Host: localhost\r\n", "400", "URL_INVALID"],
])(
  "an upgrade with %s is answered with a problem document, and the connection closed",
  async (_, path, headers, status, code) => {
    const port = await listen(await serve({ token }));
    const client = new RawClient(port, `GET ${path} HTTP/1.1\r\n${headers}${UPGRADE}\r\n`);
    const answer = await client.ended();
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(`"code":"${code}"`);
  },
);

test("an offer of HTTP/2 is ignored, as everywhere", async () => {
  const port = await listen(await serve());
  const offer = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";
  const client = new RawClient(port, `GET /plain HTTP/1.1\r\nHost: localhost\r\n${offer}\r\n`);
  await vi.waitFor(() => expect(client.received).toContain('{"ok":true}'));
});

test("a request that asks for no upgrade is told to", async () => {
  const app = await serve();
  const { statusCode, body } = await app.inject({ url: "/echo", headers: { host: "localhost" } });
  expect([statusCode, JSON.parse(body).code]).toEqual([426, "UPGRADE_REQUIRED"]);
  await app.close();
});

test("a message of more than 1 MiB closes the connection", async () => {
  const socket = await connected(await listen(await serve()));
  socket.send(Buffer.alloc(1_048_576));
  await once(socket, "message");
  socket.send(Buffer.alloc(1_048_577));
  expect((await once(socket, "close"))[0]).toBe(1009);
});

test("a client that is silent is cut off, and one that answers or is held up is not", async () => {
  const app = await serve({}, [20, 200]);
  const port = await listen(app);
  const answering = await connected(port);
  const held = await connected(port, { autoPong: false });
  [...app.websocketServer.clients][1]?.pause();
  const silent = await connected(port, { autoPong: false });
  await once(silent, "close");
  expect([answering.readyState, held.readyState]).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
});

test("the server closes though a client does not", async () => {
  const app = await serve();
  const socket = await connected(await listen(app));
  socket.pause();
  await app.close();
  await vi.waitFor(() => expect(app.websocketServer.clients.size).toBe(0));
});
