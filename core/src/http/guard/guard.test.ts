import { hostname } from "node:os";
import type { FastifyRequest } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { listen, RawClient } from "../fixtures/raw-client.ts";
import { createServer, type Server, type ServerOptions } from "../index.ts";

const token = "a-token-of-enough-characters";

async function serve(options: Partial<ServerOptions> = {}): Promise<Server> {
  const app = await createServer({ title: "Test", version: "1.0.0", host: "127.0.0.1", ...options });
  onTestFinished(() => app.close());
  app.get("/", async () => ({ ok: true }));
  app.post("/", async () => ({ ok: true }));
  app.get("/v1/health", { config: { open: true } }, async () => ({ ok: true }));
  return app;
}

async function codeOf(app: Server, headers: Record<string, string>, url = "/", method: "GET" | "POST" = "GET") {
  const response = await app.inject({ method, url, headers });
  return response.statusCode === 200 ? "ok" : `${response.statusCode} ${response.json().code}`;
}

test.each([
  ["127.0.0.1", "ok"],
  ["127.0.0.1:8081", "ok"],
  ["[::1]:8081", "ok"],
  ["10.1.2.3:8081", "ok"],
  ["localhost:8081", "ok"],
  ["shop.localhost", "ok"],
  ["LOCALHOST", "ok"],
  [`${hostname()}:8081`, "ok"],
  ["damson.example:8081", "ok"],
  ["pinned.example:9000", "ok"],
  ["pinned.example:9001", "403 HOST_REFUSED"],
  ["evil.example", "403 HOST_REFUSED"],
  ["127.0.0.1.evil.example", "403 HOST_REFUSED"],
  ["localhost.evil.example", "403 HOST_REFUSED"],
  ["a@127.0.0.1", "400 HOST_INVALID"],
  ["127.0.0.1/x", "400 HOST_INVALID"],
  ["127.0.0.1, evil.example", "400 HOST_INVALID"],
])("Host: %s → %s", async (host, expected) => {
  const app = await serve({ allowedHosts: ["Damson.example", "pinned.example:9000"] });
  expect(await codeOf(app, { host })).toBe(expected);
  expect(await codeOf(app, { host }, "/nothing")).toBe(expected === "ok" ? "404 NOT_FOUND" : expected);
});

test.each([
  ["two different Host headers", "HTTP/1.1", "Host: 127.0.0.1\r\nHost: evil.example\r\n"],
  ["the same Host header twice", "HTTP/1.1", "Host: 127.0.0.1\r\nhost: 127.0.0.1\r\n"],
  ["no Host header", "HTTP/1.1", ""],
  ["an empty Host header", "HTTP/1.1", "Host:\r\n"],
  ["no Host header in HTTP/1.0", "HTTP/1.0", ""],
])("%s: 400", async (_, version, headers) => {
  const port = await listen(await serve());
  const client = new RawClient(port, `GET / ${version}\r\n${headers}Connection: close\r\n\r\n`);
  const answer = await client.ended();
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"HOST_INVALID"');
});

test.each([
  ["GET", { origin: "http://127.0.0.1:8081" }, "ok"],
  ["POST", { origin: "http://127.0.0.1:8081" }, "ok"],
  ["POST", { origin: "https://damson.example" }, "ok"],
  ["POST", { origin: "http://127.0.0.1:3000" }, "403 ORIGIN_REFUSED"],
  ["POST", { origin: "http://evil.example" }, "403 ORIGIN_REFUSED"],
  ["GET", { origin: "http://evil.example" }, "403 ORIGIN_REFUSED"],
  ["POST", { origin: "http://127.0.0.1:8081, http://evil.example" }, "403 ORIGIN_REFUSED"],
  ["POST", { origin: "null" }, "403 ORIGIN_REFUSED"],
  ["POST", { origin: "" }, "403 ORIGIN_REFUSED"],
  ["POST", { "sec-fetch-site": "cross-site" }, "403 ORIGIN_REFUSED"],
  ["GET", { "sec-fetch-site": "cross-site" }, "ok"],
  ["POST", { "sec-fetch-site": "same-origin" }, "ok"],
  ["POST", {}, "ok"],
] as const)("%s with %j → %s", async (method, headers, expected) => {
  const app = await serve({ allowedHosts: ["damson.example"] });
  expect(await codeOf(app, { host: "127.0.0.1:8081", ...headers }, "/", method)).toBe(expected);
});

test("a page of the server itself is known behind a port that its URL leaves out", async () => {
  const app = await serve();
  expect(await codeOf(app, { host: "10.0.0.1:443", origin: "https://10.0.0.1" }, "/", "POST")).toBe("ok");
  expect(await codeOf(app, { host: "10.0.0.1:443", origin: "http://10.0.0.1" }, "/", "POST")).toBe(
    "403 ORIGIN_REFUSED",
  );
});

test.each([
  [`Bearer ${token}`, "ok"],
  [`bearer  ${token}`, "ok"],
  [`Bearer ${token}x`, "401 UNAUTHORIZED"],
  [`Bearer ${token.slice(1)}`, "401 UNAUTHORIZED"],
  ["Bearer", "401 UNAUTHORIZED"],
  ["", "401 UNAUTHORIZED"],
  [`Basic ${token}`, "401 UNAUTHORIZED"],
])("Authorization: %s → %s", async (authorization, expected) => {
  const app = await serve({ token });
  const local = { host: "127.0.0.1" };
  expect(await codeOf(app, { ...local, authorization })).toBe(expected);
  expect(await codeOf(app, { ...local, authorization }, "/nothing")).toBe(
    expected === "ok" ? "404 NOT_FOUND" : expected,
  );
  expect(await codeOf(app, { ...local, authorization }, "/v1/health")).toBe("ok");
});

test("a route may say by the request whether it needs the token; Host and Origin are checked all the same", async () => {
  const app = await serve({ token });
  const open = ({ query }: FastifyRequest): boolean => Object(query).sig === "right";
  app.get("/file", { config: { open } }, async () => ({ ok: true }));
  const local = { host: "127.0.0.1" };
  expect(await codeOf(app, local, "/file?sig=right")).toBe("ok");
  expect(await codeOf(app, local, "/file?sig=wrong")).toBe("401 UNAUTHORIZED");
  expect(await codeOf(app, { ...local, authorization: `Bearer ${token}` }, "/file")).toBe("ok");
  expect(await codeOf(app, { host: "evil.example" }, "/file?sig=right")).toBe("403 HOST_REFUSED");
  expect(await codeOf(app, { ...local, origin: "http://evil.example" }, "/file?sig=right")).toBe("403 ORIGIN_REFUSED");
});

test("a refusal says how to authenticate, and not what the token is", async () => {
  const app = await serve({ token });
  const response = await app.inject("/openapi.json");
  expect(response.statusCode).toBe(401);
  expect(response.headers["www-authenticate"]).toMatch(/^Bearer/);
  expect(response.body).not.toContain(token);
});
