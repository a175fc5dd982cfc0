import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { get as httpsGet } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { listen, RawClient } from "./fixtures/raw-client.ts";
import { createServer, type Server, type ServerOptions, type SseEvent, StreamQueue, sse } from "./index.ts";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0 || process.env.DAMSON_REQUIRE_ENGINES !== undefined;

async function makeServer(options: Partial<ServerOptions> = {}): Promise<Server> {
  return createServer({ title: "Test", version: "1.0.0", host: "127.0.0.1", ...options });
}

test("a request that dribbles in is given up, while a stream outlives the limit", async () => {
  const app = await makeServer({ requestTimeoutMs: 600 });
  app.get("/events", async (_request, reply) =>
    sse(reply, (signal) => new StreamQueue<SseEvent>(signal), { heartbeatMs: 20 }),
  );
  app.post("/", async () => ({}));
  const port = await listen(app);
  const stream = new RawClient(port, "GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  await vi.waitFor(() => expect(stream.received).toContain("retry:"));
  const half = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n";
  const clients = [half, `${half}Content-Length: 10\r\n\r\n{`, ""].map((text) => new RawClient(port, text));
  const answers = await Promise.all(clients.map((client) => client.ended()));
  expect(answers[0]).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"REQUEST_TIMEOUT"/);
  expect(answers[1]).toMatch(/^HTTP\/1\.1 408 /);
  expect(stream.socket.closed).toBe(false);
  const length = stream.received.length;
  await vi.waitFor(() => expect(stream.received.length).toBeGreaterThan(length));
});

test("a large body may take its time, on its route, unless it was refused", async () => {
  const token = "a-token-of-enough-characters";
  const app = await makeServer({ requestTimeoutMs: 300, largeBodyTimeoutMs: 60_000, token });
  app.post("/", async () => ({}));
  app.post("/large", { config: { largeBody: true } }, async ({ body }) => ({ body }));
  const port = await listen(app);
  const half = (path: string, secret = token) =>
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${secret}\r\n` +
    "Content-Type: application/json\r\nContent-Length: 7\r\n\r\n[1,";
  const large = new RawClient(port, half("/large"));
  expect(await new RawClient(port, half("/")).ended()).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"REQUEST_TIMEOUT"/);
  expect(await new RawClient(port, half("/large", "wrong")).ended()).toMatch(/^HTTP\/1\.1 401 /);
  large.socket.write("2,3]");
  await vi.waitFor(() => expect(large.received).toContain('{"body":[1,2,3]}'));
});

test("a request that comes while the server closes is told so, and the one before it is answered", async () => {
  const app = await makeServer({ closeDeadlineMs: 20_000 });
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  let requests = 0;
  app.server.on("request", () => {
    requests += 1;
  });
  app.get("/slow", async () => {
    await answered;
    return { ok: true };
  });
  const request = "GET /slow HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  const client = new RawClient(await listen(app), request);
  await vi.waitFor(() => expect(requests).toBe(1));
  const closed = app.close();
  await vi.waitFor(() => expect(app.closing.aborted).toBe(true));
  client.socket.write(request);
  await vi.waitFor(() => expect(requests).toBe(2));
  answer();
  await closed;
  expect(await client.ended()).toMatch(/^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 503 [\s\S]*"code":"SERVER_CLOSING"/);
});

test.each([
  ["what is not HTTP", "HELLO\r\n\r\n", 400, "HTTP_INVALID"],
  ["endless headers", `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(40_000)}\r\n\r\n`, 431, "HEADERS_TOO_LARGE"],
  [
    "two lengths",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    400,
    "HTTP_INVALID",
  ],
])("%s is answered with a problem document and closed", async (_, text, status, code) => {
  const answer = await new RawClient(await listen(await makeServer()), text).ended();
  expect(answer).toMatch(
    new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*application/problem\\+json[\\s\\S]*"code":"${code}"`),
  );
});

test.skipIf(!hasOpenssl)("TLS serves what HTTP does (needs openssl to make a certificate)", async () => {
  const directory = await mkdtemp(join(tmpdir(), "damson-tls-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", key, "-out", cert, ...subject], {
    stdio: "ignore",
  });
  const tls = { key: await readFile(key), cert: await readFile(cert) };
  const app = await makeServer({ tls });
  app.get("/", async () => ({ ok: true }));
  const port = await listen(app);
  const request = httpsGet({ host: "127.0.0.1", port, servername: "localhost", ca: tls.cert, path: "/" });
  const [response] = await once(request, "response");
  expect(response.statusCode).toBe(200);
  expect(await json(response)).toEqual({ ok: true });
});
