import { expect, test } from "vitest";
import { archive, upload } from "../fixtures/archives.ts";
import { bodyOf, TestController } from "../fixtures/test-controller.ts";
import { DEFAULT_SETTINGS } from "../settings.ts";

const token = "a-token-of-enough-characters";
const authorization = `Bearer ${token}`;
const origin = "https://dash.example";

test("health needs no token, and says who answers", async () => {
  const controller = await TestController.start({ token });
  expect(await (await controller.fetch("/healthz")).text()).toBe("ok");
  const health = await controller.get("/v1/health");
  expect(health).toMatchObject({
    status: "healthy",
    service: "damson-controller",
    version: "1.2.3",
    controllerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    failover: { enabled: true, suspended: false },
  });
  expect(health).not.toHaveProperty("insecure");
  await controller.stop();
  await controller.start();
  expect((await controller.get("/v1/health")).controllerId).toBe(health.controllerId);
});

test("the API's page and document are open, what they call is not, and all comes from the controller", async () => {
  const controller = await TestController.start({ token });
  const document = await controller.get("/swagger/openapi.json");
  expect(document).toMatchObject({
    openapi: "3.1.0",
    components: { securitySchemes: { token: { scheme: "bearer" } } },
  });
  expect(await controller.get("/openapi.json")).toEqual(document);
  for (const path of ["/swagger", "/swagger/"]) {
    const page = await controller.fetch(path);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    const html = await page.text();
    expect(html).not.toMatch(/<script>|<style|https?:\/\//);
    for (const [, asset = ""] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const response = await controller.fetch(new URL(asset, `${controller.url}/swagger/`).pathname);
      expect(`${asset} ${response.status}`).toBe(`${asset} 200`);
    }
  }
  expect((await controller.fetch("/v1/nodes")).status).toBe(401);
});

test("pages of other sites may call if their origin is set", async () => {
  const controller = await TestController.start({ token, settings: { ...DEFAULT_SETTINGS, corsOrigins: [origin] } });
  const preflight = await controller.fetch("/v1/deployments", {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "PUT" },
  });
  expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([204, origin]);
  const nodes = await controller.fetch("/v1/nodes", { headers: { origin, authorization } });
  expect([nodes.status, nodes.headers.get("access-control-allow-origin")]).toEqual([200, origin]);
  const foreign = await controller.fetch("/v1/nodes", { headers: { origin: "https://evil.example", authorization } });
  expect([foreign.status, foreign.headers.get("access-control-allow-origin")]).toEqual([403, null]);
});

test("objects and commits are counted", async () => {
  const controller = await TestController.start();
  await upload(controller, archive());
  const text = await (await controller.fetch("/metrics")).text();
  expect(text).toContain('damson_controller_objects{kind="artifacts"} 1\n');
  expect(Number(/^damson_controller_commits_total (\d+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(1);
  expect(text).toContain("process_cpu_seconds_total");
});

test("plugins are listed, and a reload is audited", async () => {
  const controller = await TestController.start();
  expect(await controller.get("/v1/plugins")).toEqual({ plugins: [], runtimes: [], warnings: [] });
  const report = await bodyOf(controller.fetch("/v1/plugins/reload", { method: "POST" }));
  expect(report).toMatchObject({ started: [], failed: [] });
  const { records } = await controller.get("/v1/audit");
  expect(records).toMatchObject([{ method: "POST", path: "/v1/plugins/reload", object: "plugins", outcome: "done" }]);
});
