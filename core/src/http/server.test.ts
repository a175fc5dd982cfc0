import { Writable } from "node:stream";
import { DamsonError } from "@damson/plugin-sdk";
import type { InjectOptions } from "fastify";
import { pino } from "pino";
import { Type } from "typebox";
import { expect, onTestFinished, test } from "vitest";
import { createServer, PROBLEM_TYPE, type Routes, type Server, type ServerOptions } from "./index.ts";

const Body = Type.Object(
  { app: Type.String(), replicas: Type.Optional(Type.Integer({ minimum: 0 })) },
  { additionalProperties: false },
);
const Query = Type.Object(
  {
    tail: Type.Optional(Type.Integer({ minimum: 0, default: 100 })),
    rate: Type.Optional(Type.Number()),
    follow: Type.Optional(Type.Boolean()),
    stream: Type.Optional(Type.Array(Type.Enum(["stdout", "stderr"]))),
    since: Type.Optional(Type.Union([Type.String(), Type.Number()])),
  },
  { additionalProperties: false },
);

const routes: Routes = async (app) => {
  app.post("/v1/apply", { schema: { body: Body } }, async (request) => ({ got: request.body }));
  app.get("/v1/apps/:app/logs", { schema: { querystring: Query } }, async (request) => ({ got: request.query }));
  app.delete("/v1/apps/:app", async () => ({}));
  app.post("/v1/apps/:app/stop", async () => ({ stopped: true }));
  app.get("/v1/throws/:what", async (request) => {
    const { what } = Object(request.params);
    if (what === "damson") {
      throw new DamsonError("APP_NOT_FOUND", 'No app "x"', {
        status: 404,
        remedy: "Apply it first.",
        issues: [{ path: "app", message: "unknown", allowed: ["a", "b"] }],
      });
    }
    if (what === "plugin") throw Object.assign(new Error("too hot"), { statusCode: 418, code: "TEAPOT" });
    if (what === "nonsense") throw "a string with a password";
    throw Object.assign(new Error("password in here"), { code: "ENOENT" });
  });
};

async function serve(options: Partial<ServerOptions> = {}): Promise<Server> {
  const app = await createServer({ title: "Test", version: "1.0.0", host: "127.0.0.1", ...options });
  onTestFinished(() => app.close());
  await app.register(routes);
  return app;
}

const json = (payload: string): InjectOptions => ({
  method: "POST",
  url: "/v1/apply",
  headers: { "content-type": "application/json" },
  payload,
});

test.each<[string, InjectOptions, number, string, RegExp]>([
  ["malformed JSON", json('{"app": }'), 400, "JSON_INVALID", /value expected at line 1, column 9/],
  ["JSON that stops", json('{\n "app": "a"'), 400, "JSON_INVALID", /close brace expected at line 2/],
  ["a comment", json('{"app": "a" /* b */}'), 400, "JSON_INVALID", /invalid comment token/],
  ["a trailing comma", json('{"app": "a",}'), 400, "JSON_INVALID", /at line 1, column 13/],
  ["NaN", json('{"app": NaN}'), 400, "JSON_INVALID", /invalid symbol/],
  ["an endless string", json(`"${'\\"'.repeat(100_000)}`), 400, "JSON_INVALID", /unexpected end of string/],
  ["__proto__", json('{"app": "a", "__proto__": {"x": 1}}'), 400, "JSON_KEY_FORBIDDEN", /prototype/],
  ["__proto__ in disguise", json('{"app": "a", "__pr\\u006fto__": {}}'), 400, "JSON_KEY_FORBIDDEN", /prototype/],
  ["a prototype", json('{"constructor": {"prototype": {"x": 1}}}'), 400, "JSON_KEY_FORBIDDEN", /prototype/],
  ["a nest of lists", json("[".repeat(100_000)), 400, "JSON_TOO_DEEP", /64 levels/],
  ["no UTF-8", { ...json(""), payload: Buffer.from('{"app": "\xff"}', "latin1") }, 400, "BODY_NOT_UTF8", /UTF-8/],
  [
    "a compressed body",
    { ...json("{}"), headers: { "content-type": "application/json", "content-encoding": "gzip" } },
    415,
    "CONTENT_ENCODING_UNSUPPORTED",
    /gzip/,
  ],
  ["an empty body", json(""), 400, "BODY_EMPTY", /empty/],
  ["no body", { method: "POST", url: "/v1/apply" }, 400, "BODY_EMPTY", /empty/],
  ["a list", json("[]"), 400, "BODY_INVALID", /expected object, got array/],
  ["a misspelt field", json('{"app": "a", "replica": 1}'), 400, "BODY_INVALID", /Did you mean "replicas"/],
  [
    "a number as text",
    json('{"app": "a", "replicas": "1"}'),
    400,
    "BODY_INVALID",
    /replicas: expected integer, got string/,
  ],
  ["two faults", json('{"app": 1, "replicas": -1}'), 400, "BODY_INVALID", /and 1 more/],
  ["a large body", json(`{"app": "${"x".repeat(2_000)}"}`), 413, "BODY_TOO_LARGE", /too large; at most 1000 bytes/],
  [
    "a form",
    { ...json("app=a"), headers: { "content-type": "application/x-www-form-urlencoded" } },
    415,
    "UNSUPPORTED_MEDIA_TYPE",
    /type/,
  ],
  ["plain text", { ...json("{}"), headers: { "content-type": "text/plain" } }, 415, "UNSUPPORTED_MEDIA_TYPE", /type/],
  ["no content type", { ...json("{}"), headers: { "content-type": "" } }, 415, "UNSUPPORTED_MEDIA_TYPE", /type/],
  ["a path that is no UTF-8", { url: "/v1/apps/%ff%fe/logs" }, 400, "URL_INVALID", /decoded/],
  [
    "a query that is no number",
    { url: "/v1/apps/a/logs?tail=5x" },
    400,
    "QUERY_INVALID",
    /tail: expected integer, got string "5x"/,
  ],
  ["an empty number", { url: "/v1/apps/a/logs?tail=" }, 400, "QUERY_INVALID", /tail: expected integer/],
  [
    "a number twice",
    { url: "/v1/apps/a/logs?tail=1&tail=2" },
    400,
    "QUERY_INVALID",
    /tail: expected integer, got array/,
  ],
  ["a fraction", { url: "/v1/apps/a/logs?tail=1.5" }, 400, "QUERY_INVALID", /tail: expected integer, got number 1.5/],
  ["maybe", { url: "/v1/apps/a/logs?follow=maybe" }, 400, "QUERY_INVALID", /follow: expected boolean/],
  ["a misspelt query", { url: "/v1/apps/a/logs?folow=1" }, 400, "QUERY_INVALID", /Did you mean "follow"/],
  ["a query for a prototype", { url: "/v1/apps/a/logs?__proto__=1" }, 400, "QUERY_INVALID", /__proto__: unknown/],
  ["an endless name", { url: `/v1/apps/${"a".repeat(5_000)}/logs` }, 414, "URL_TOO_LONG", /too long/],
  ["an unknown path", { url: "/v1/aply" }, 404, "NOT_FOUND", /GET \/v1\/aply/],
  ["an unknown method", { method: "PUT", url: "/v1/apply" }, 405, "METHOD_NOT_ALLOWED", /PUT/],
  ["Damson's own error", { url: "/v1/throws/damson" }, 404, "APP_NOT_FOUND", /No app "x"/],
  ["an error of a plugin with a 4xx status", { url: "/v1/throws/plugin" }, 418, "TEAPOT", /too hot/],
])("%s is answered with a problem document", async (_, request, status, code, detail) => {
  const app = await serve({ bodyLimit: 300_000, ...(code === "BODY_TOO_LARGE" && { bodyLimit: 1_000 }) });
  const response = await app.inject(request);
  expect(response.headers["content-type"]).toBe(`${PROBLEM_TYPE}; charset=utf-8`);
  expect(response.json()).toMatchObject({ type: "about:blank", status, code, detail: expect.stringMatching(detail) });
  expect(response.statusCode).toBe(status);
  expect(response.json().title).toMatch(/^[A-Z]/);
  expect(response.json().request_id).toMatch(/^[0-9a-f]{16}-\d+$/);
});

test("a problem document carries the remedy and every fault", async () => {
  const app = await serve();
  expect((await app.inject("/v1/throws/damson")).json()).toMatchObject({
    title: "Not Found",
    remedy: "Apply it first.",
    errors: [{ path: "app", message: "unknown", allowed: ["a", "b"] }],
  });
  const { errors } = (await app.inject(json('{"replicas": -1, "x": 1}'))).json();
  expect(errors.map((error: { path: string }) => error.path).sort()).toEqual(["app", "replicas", "x"]);
});

test.each(["bug", "nonsense"])(
  "the inside of an internal error is logged under the request's id, and not told (%s)",
  async (what) => {
    const lines: string[] = [];
    const sink = new Writable({ write: (chunk, _encoding, done) => done(void lines.push(String(chunk))) });
    const app = await serve({ logger: pino(sink) });
    const response = await app.inject(`/v1/throws/${what}`);
    expect(response.statusCode).toBe(500);
    expect(response.json()).toMatchObject({ code: "INTERNAL" });
    expect(response.body).not.toMatch(/password|ENOENT|\.ts/);
    const logged = lines.map((line) => JSON.parse(line)).find((line) => line.reqId === response.json().request_id);
    expect(JSON.stringify(logged)).toMatch(/password/);
  },
);

test("a refused method is told which ones there are, whatever the parameters", async () => {
  const app = await serve();
  const response = await app.inject({ method: "POST", url: "/v1/apps/shop-api" });
  expect(response.statusCode).toBe(405);
  expect(response.headers.allow).toBe("DELETE");
  expect((await app.inject({ method: "PATCH", url: "/v1/apps/shop-api/logs?x=1" })).headers.allow).toBe("GET, HEAD");
});

test("an unknown path comes with the likeliest one", async () => {
  const app = await serve();
  expect((await app.inject("/v1/aply")).json().remedy).toBe('Did you mean "/v1/apply"?');
  expect((await app.inject("/something/else/altogether")).json().remedy).toContain("/openapi.json");
});

test.each([
  ["", { tail: 100 }],
  ["?tail=5&rate=-0.5", { tail: 5, rate: -0.5 }],
  ["?follow", { tail: 100, follow: true }],
  ["?follow=false", { tail: 100, follow: false }],
  ["?stream=stdout", { tail: 100, stream: ["stdout"] }],
  ["?stream=stdout&stream=stderr", { tail: 100, stream: ["stdout", "stderr"] }],
  ["?since=10", { tail: 100, since: "10" }],
])("the query string %j is read as %j", async (query, expected) => {
  const app = await serve();
  expect((await app.inject(`/v1/apps/a/logs${query}`)).json()).toEqual({ got: expected });
});

test("a right body reaches its route as it was sent", async () => {
  const app = await serve();
  expect((await app.inject(json('{"app": "a", "replicas": 2}'))).json()).toEqual({ got: { app: "a", replicas: 2 } });
});

test("a route without a body takes an empty one, whatever its type is said to be", async () => {
  const app = await serve();
  const url = "/v1/apps/a/stop";
  expect((await app.inject({ method: "POST", url })).json()).toEqual({ stopped: true });
  const headers = { "content-type": "application/json" };
  expect((await app.inject({ method: "POST", url, headers })).json()).toEqual({ stopped: true });
});
