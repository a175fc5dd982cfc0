import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createServer } from "../http/index.ts";
import { makeSite } from "./fixtures/site.ts";
import { PLUGIN_ROUTES_PREFIX, type PluginHost, pluginRoutes } from "./index.ts";

/** Serves the host's plugins over HTTP, with a token; returns what asks them. */
async function serve(host: PluginHost): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const token = "t".repeat(32);
  const server = await createServer({
    title: "test",
    version: "0.1.0",
    host: "127.0.0.1",
    token,
    logger: pino({ level: "silent" }),
  });
  await server.register(pluginRoutes(host), { prefix: PLUGIN_ROUTES_PREFIX });
  const url = await server.listen({ host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close());
  return (path, init) =>
    fetch(`${url}${path}`, {
      headers: { authorization: `Bearer ${token}`, ...(init?.body && { "content-type": "application/json" }) },
      ...init,
    });
}

const ECHO = `ctx.http(async (app) => {
  app.post("/echo", async (request) => ({ url: request.url, body: request.body }));
  app.get("/throws", async () => { throw new Error("inner secret"); });
});`;

async function problem(response: Response): Promise<unknown> {
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  return response.json();
}

test("a plugin's routes are served below its id, bodies and all", async () => {
  const site = await makeSite();
  await site.plugin("echo", { setup: ECHO });
  await site.yaml("plugins: [{ use: echo }, { use: echo, id: e2 }]");
  const host = site.host();
  const ask = await serve(host);
  await host.start();
  for (const id of ["echo", "e2"]) {
    const url = `/v1/plugins/${id}/echo?a=1`;
    const response = await ask(url, { method: "POST", body: JSON.stringify({ word: "hä" }) });
    expect(await response.json()).toEqual({ url, body: { word: "hä" } });
  }
});

test("the server's checks come before a plugin's routes", async () => {
  const site = await makeSite();
  await site.plugin("echo", { setup: ECHO });
  await site.yaml("plugins: [{ use: echo }]");
  const host = site.host();
  const ask = await serve(host);
  await host.start();
  const response = await ask("/v1/plugins/echo/echo", { method: "POST", headers: {}, body: "{}" });
  expect(response.status).toBe(401);
});

test.each([
  ["POST", "/v1/plugins/echo/echo", 400, "JSON_INVALID", "{"],
  ["GET", "/v1/plugins/echo/throws", 500, "INTERNAL", undefined],
  ["GET", "/v1/plugins/echo/absent", 404, "NOT_FOUND", undefined],
  ["GET", "/v1/plugins/echo/echo", 405, "METHOD_NOT_ALLOWED", undefined],
  ["GET", "/v1/plugins/absent/echo", 404, "PLUGIN_UNKNOWN", undefined],
  ["GET", "/v1/plugins/__proto__/echo", 404, "PLUGIN_UNKNOWN", undefined],
  ["GET", "/v1/plugins/silent/echo", 404, "PLUGIN_ROUTE_NOT_FOUND", undefined],
  ["GET", "/v1/plugins/broken/echo", 503, "PLUGIN_NOT_READY", undefined],
])("%s %s is answered with %i", async (method, path, status, code, body) => {
  const site = await makeSite();
  await site.plugin("echo", { setup: ECHO });
  await site.plugin("silent", {});
  await site.plugin("broken", { setup: `${ECHO} throw new Error("no");` });
  await site.yaml("plugins: [{ use: echo }, { use: silent }, { use: broken }]");
  const host = site.host();
  const ask = await serve(host);
  await host.start();
  const response = await ask(path, { method, ...(body !== undefined && { body }) });
  expect(response.status).toBe(status);
  const answer = await problem(response);
  expect(answer).toMatchObject({ status, code });
  expect(JSON.stringify(answer)).not.toContain("inner secret");
});

test("routes come and go with a reload, while the server serves", async () => {
  const site = await makeSite();
  await site.plugin("echo", { setup: ECHO });
  await site.yaml("plugins: []");
  const host = site.host();
  const ask = await serve(host);
  await host.start();
  const status = async () => (await ask("/v1/plugins/echo/echo", { method: "POST", body: "{}" })).status;
  expect(await status()).toBe(404);
  await site.yaml("plugins: [{ use: echo }]");
  await host.reload();
  expect(await status()).toBe(200);
  await site.yaml("plugins: []");
  await host.reload();
  expect(await status()).toBe(404);
});
