import { resolve } from "node:path";
import { fastify } from "fastify";
import { expect, onTestFinished, test } from "vitest";
import { makeSite } from "./fixtures/site.ts";
import { PLUGIN_ROUTES_PREFIX, pluginRoutes } from "./index.ts";

const GREETER = resolve(import.meta.dirname, "../../../examples/plugin-greeter");

test("the example plugin serves its routes, other plugins and metrics, and remembers", async () => {
  const site = await makeSite();
  await site.plugin("guest", {
    manifest: { requires: ["greetings:greeter"] },
    setup: `const greeter = ctx.services.get({ id: "greetings:greeter" });
      ctx.events.publish({ type: "heard", text: await greeter.greet("guest") });`,
  });
  await site.yaml(`plugins:\n - use: guest\n - use: ${GREETER}\n   config: { greeting: Good morning }`);
  const host = site.host();
  await host.start();
  expect(host.describe()).toMatchObject([
    { id: "guest", state: "ready" },
    { id: "greeter", state: "ready" },
  ]);
  expect(site.events).toContainEqual({ type: "heard", text: "Good morning, guest!", plugin: "guest" });

  const server = fastify();
  onTestFinished(() => server.close());
  await server.register(pluginRoutes(host), { prefix: PLUGIN_ROUTES_PREFIX });
  const url = `${await server.listen({ host: "127.0.0.1", port: 0 })}/v1/plugins/greeter/greetings`;
  const post = (body: object) =>
    fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

  const made = await post({ name: "Ada" });
  expect([made.status, await made.json()]).toEqual([201, { text: "Good morning, Ada!" }]);
  expect(await (await post({ nam: "Ada" })).json()).toMatchObject({ status: 400, code: "BODY_INVALID" });
  expect(site.events).toContainEqual({ type: "greeter.greeted", name: "Ada", plugin: "greeter" });
  expect(await host.registries()[1]?.metrics()).toContain('damson_greeter_greetings_total{plugin="greeter"} 2');

  await site.yaml(`plugins:\n - use: ${GREETER}\n   config: { greeting: Hi }`);
  await expect(host.reload()).resolves.toMatchObject({ restarted: ["greeter"], stopped: ["guest"] });
  expect(await (await fetch(url)).json()).toEqual({ spoken: 2 });
  expect(await (await post({ name: "Ada" })).json()).toEqual({ text: "Hi, Ada!" });
});
