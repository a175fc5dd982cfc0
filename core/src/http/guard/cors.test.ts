import { expect, onTestFinished, test } from "vitest";
import { createServer, type Server, type ServerOptions } from "../index.ts";

const token = "a-token-of-enough-characters";
const listed = "https://shop.example:8443";
const host = "127.0.0.1:8080";

async function serve(options: Partial<ServerOptions>): Promise<Server> {
  const app = await createServer({ title: "Test", version: "1.0.0", host: "127.0.0.1", ...options });
  onTestFinished(() => app.close());
  app.post("/", async () => ({ ok: true }));
  return app;
}

function preflight(app: Server, origin: string | undefined) {
  const headers = { host, "access-control-request-method": "POST", ...(origin !== undefined && { origin }) };
  return app.inject({ method: "OPTIONS", url: "/", headers });
}

test("a page of a listed origin is answered its preflight without a token, and then called with one", async () => {
  const app = await serve({ corsOrigins: [`${listed}/`], token });
  const answer = await preflight(app, listed);
  expect(answer.statusCode).toBe(204);
  expect(answer.headers).toMatchObject({
    "access-control-allow-origin": listed,
    "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    "access-control-allow-headers": "Content-Type, Authorization, Idempotency-Key, If-Match, Last-Event-ID",
    vary: expect.stringContaining("Origin"),
  });
  expect(answer.headers).not.toHaveProperty("access-control-allow-credentials");
  const headers = { host, origin: listed, authorization: `Bearer ${token}` };
  const called = await app.inject({ method: "POST", url: "/", headers });
  expect([called.statusCode, called.headers["access-control-allow-origin"]]).toEqual([200, listed]);
});

test("the page can read why it was refused", async () => {
  const app = await serve({ corsOrigins: [listed], token });
  const answer = await app.inject({ method: "POST", url: "/", headers: { host, origin: listed } });
  expect([answer.statusCode, answer.headers["access-control-allow-origin"]]).toEqual([401, listed]);
});

test.each(["https://shop.example", "http://shop.example:8443", "https://evil.example", "null", undefined])(
  "origin %s is not the listed one",
  async (origin) => {
    const app = await serve({ corsOrigins: [listed] });
    const answer = await preflight(app, origin);
    expect(answer.statusCode).toBe(origin === undefined ? 405 : 403);
    expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
  },
);

test("* allows every origin, and credentials of none", async () => {
  const app = await serve({ corsOrigins: ["*"] });
  for (const origin of ["https://any.example", "null"]) {
    const answer = await preflight(app, origin);
    expect(answer.statusCode).toBe(204);
    expect(answer.headers).not.toHaveProperty("access-control-allow-credentials");
    expect((await app.inject({ method: "POST", url: "/", headers: { host, origin } })).statusCode).toBe(200);
  }
});

test("without origins there is nothing of it", async () => {
  const app = await serve({});
  expect((await preflight(app, listed)).json()).toMatchObject({ status: 403, code: "ORIGIN_REFUSED" });
  expect((await preflight(app, undefined)).statusCode).toBe(405);
});

test.each(["shop.example", "https://shop.example/path", "ftp://shop.example", "", "https://*.example/x"])(
  "%j is no origin",
  async (origin) => {
    const made = createServer({ title: "Test", version: "1.0.0", host: "127.0.0.1", corsOrigins: [origin] });
    await expect(made).rejects.toMatchObject({ code: "ORIGIN_INVALID", status: 400 });
  },
);
