import { expect, onTestFinished, test, vi } from "vitest";
import type { PluginDescription } from "../../host/index.ts";
import { createServer } from "../../http/index.ts";
import { scriptedAgent } from "../fixtures/scripted-agent.ts";
import { pluginRoutes } from "./plugins-routes.ts";

const t = scriptedAgent();

async function list(...plugins: PluginDescription[]): Promise<unknown> {
  const server = await createServer({ title: "Test", version: "1.0.0", host: "127.0.0.1" });
  onTestFinished(() => server.close());
  const host = { describe: () => plugins, reload: () => Promise.reject(new Error("not asked for")) };
  const parts = { agent: t.agent, insecure: false, stopApps: async () => [], shutDown: () => undefined };
  await server.register(pluginRoutes({ ...parts, plugins: host }));
  return (await server.inject({ url: "/v1/plugins", headers: { host: "127.0.0.1" } })).json();
}

function plugin(state: PluginDescription["state"], extra: Partial<PluginDescription> = {}): PluginDescription {
  const provides = ["runtime:scripted", "service:x"];
  return { id: "p", use: "./p", required: false, state, provides, config: {}, timings_ms: {}, ...extra };
}

test("a plugin whose runtime cannot be used is degraded, says why and what to do, and is ready again afterwards", async () => {
  await vi.waitFor(() => expect(t.agent.checks.of("scripted")?.usable).toBe(true));
  expect(await list(plugin("ready"))).toMatchObject({ plugins: [{ state: "ready" }], runtimes: [{ usable: true }] });
  t.engine.turn("no engine");
  await vi.waitFor(() => expect(t.agent.checks.of("scripted")?.usable).toBe(false));
  const trouble = { reason: "no engine", remedy: "Start the engine." };
  expect(await list(plugin("ready"), plugin("ready", { provides: ["service:x"] }))).toMatchObject({
    plugins: [{ state: "degraded", ...trouble }, { state: "ready" }],
    runtimes: [{ name: "scripted", usable: false, ...trouble }],
    warnings: [],
  });
  t.engine.turn(undefined);
  await vi.waitFor(() => expect(t.agent.checks.of("scripted")?.usable).toBe(true));
  expect(await list(plugin("ready"))).toMatchObject({ plugins: [{ state: "ready" }] });
});

test("a plugin that failed keeps the reason of its failure", async () => {
  t.engine.turn("no engine");
  await vi.waitFor(() => expect(t.agent.checks.of("scripted")?.usable).toBe(false));
  expect(await list(plugin("failed", { reason: "its setup threw" }))).toMatchObject({
    plugins: [{ state: "failed", reason: "its setup threw" }],
  });
});
