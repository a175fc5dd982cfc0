import { expect, test, vi } from "vitest";
import { contributeRuntime, makeSite, type Site } from "./fixtures/site.ts";

const LIFE = `ctx.events.publish({ type: ctx.id + ".started", ...config });
  ctx.onStop(() => ctx.events.publish({ type: ctx.id + ".stopped" }));`;
const configSchema = { type: "object", properties: { n: { type: "integer" } } };

/** Three plugins: `base` provides a runtime, `user` requires it, `alone` has nothing to do with either. */
async function threePlugins(): Promise<Site> {
  const site = await makeSite();
  const setup = contributeRuntime("idle") + LIFE;
  await site.plugin("base", { configSchema, manifest: { provides: ["runtime:idle"] }, setup });
  await site.plugin("user", { manifest: { requires: ["runtime:idle"] }, setup: LIFE });
  await site.plugin("alone", { configSchema, setup: LIFE });
  await site.yaml(yaml(1));
  return site;
}

function yaml(n: number, more = ""): string {
  return `plugins:\n - { use: user }\n - { use: base, config: { n: ${n} } }\n - { use: alone }\n${more}`;
}

test("a changed plugin and its dependents restart, the others go on", async () => {
  const site = await threePlugins();
  const host = site.host();
  await host.start();
  site.events.length = 0;
  await site.yaml(yaml(2));
  await expect(host.reload()).resolves.toEqual({
    started: [],
    stopped: [],
    restarted: ["user", "base"],
    unchanged: ["alone"],
    failed: [],
    warnings: [],
  });
  expect(site.told).toEqual(["user.stopped", "base.stopped", "base.started", "user.started"]);
  expect(site.events[2]).toMatchObject({ n: 2 });
  expect(site.runtimes).toEqual(["+base/idle", "-base/idle", "+base/idle"]);
  expect(host.describe().map(({ state }) => state)).toEqual(["ready", "ready", "ready"]);
});

test("the agent has let go of a runtime before its plugin stops", async () => {
  const site = await threePlugins();
  const letGo = Promise.withResolvers<void>();
  const host = site.host({
    observer: { onRuntimeAdded: () => {}, onRuntimeRemoved: () => letGo.promise },
  });
  await host.start();
  await site.yaml(yaml(2));
  const reload = host.reload();
  await vi.waitFor(() => expect(site.told).toContain("user.stopped"));
  expect(site.told).not.toContain("base.stopped");
  letGo.resolve();
  await reload;
  expect(site.told).toContain("base.stopped");
});

test("an unchanged file changes nothing, whatever its layout", async () => {
  const site = await threePlugins();
  const host = site.host();
  await host.start();
  site.events.length = 0;
  await site.yaml(`# a comment\n${yaml(1)}`);
  await expect(host.reload()).resolves.toMatchObject({ unchanged: ["user", "base", "alone"], restarted: [] });
  expect(site.events).toEqual([]);
  await host.stop();
  expect(site.told).toHaveLength(3);
});

test("plugins are added and removed", async () => {
  const site = await threePlugins();
  await site.plugin("new", { setup: LIFE });
  const host = site.host();
  await host.start();
  await site.yaml(yaml(1, " - use: new\n"));
  await expect(host.reload()).resolves.toMatchObject({ started: ["new"], unchanged: ["user", "base", "alone"] });
  await site.yaml("plugins: [{ use: new }, { use: alone }]");
  await expect(host.reload()).resolves.toMatchObject({ stopped: ["user", "base"], unchanged: ["new", "alone"] });
  expect(host.describe().map(({ id }) => id)).toEqual(["new", "alone"]);
  expect(host.runtimes()).toEqual([]);
});

test("a plugin that uses what appears, or goes, is restarted", async () => {
  const site = await makeSite();
  const setup = `ctx.events.publish({ type: "found", service: ctx.services.find({ id: "x:y" }) ?? null });`;
  await site.plugin("user", { manifest: { optional: ["x:y"] }, setup });
  const provide = `ctx.contribute.service({ id: "x:y" }, "here");`;
  await site.plugin("giver", { manifest: { provides: ["x:y"] }, setup: provide });
  const host = site.host();
  await site.yaml("plugins: [{ use: user }]");
  await host.start();
  await site.yaml("plugins: [{ use: user }, { use: giver }]");
  await expect(host.reload()).resolves.toMatchObject({ started: ["giver"], restarted: ["user"] });
  await site.yaml("plugins: [{ use: user }]");
  await expect(host.reload()).resolves.toMatchObject({ stopped: ["giver"], restarted: ["user"] });
  expect(site.events.map(({ service }) => service)).toEqual([null, "here", null]);
});

test("a file with any fault changes nothing, and every fault is told", async () => {
  const site = await threePlugins();
  const host = site.host();
  await host.start();
  const before = host.describe();
  site.events.length = 0;
  await site.yaml("plugins: [{ use: base, config: { n: x } }, { use: absent }]");
  await expect(host.reload()).rejects.toMatchObject({
    code: "PLUGINS_INVALID",
    status: 422,
    issues: [
      {
        line: 1,
        column: 37,
        path: "base.n",
        message: expect.stringMatching(/^PLUGIN_CONFIG_INVALID: expected integer/),
      },
      { path: "absent", message: expect.stringMatching(/^PLUGIN_NOT_FOUND: /) },
    ],
  });
  await site.yaml("plugins: {");
  await expect(host.reload()).rejects.toMatchObject({ code: "PLUGINS_FILE_INVALID", status: 422 });
  expect(site.events).toEqual([]);
  expect(host.describe()).toEqual(before);
});

test("a plugin that fails when it is restarted fails alone, and is tried again by the next reload", async () => {
  const site = await makeSite();
  await site.plugin("moody", { configSchema, setup: `if (config.n === 2) throw new Error("not 2"); ${LIFE}` });
  await site.plugin("alone", { setup: LIFE });
  const withN = (n: number) => site.yaml(`plugins: [{ use: moody, config: { n: ${n} } }, { use: alone }]`);
  await withN(1);
  const host = site.host();
  await host.start();
  await withN(2);
  await expect(host.reload()).resolves.toMatchObject({ stopped: ["moody"], failed: ["moody"], unchanged: ["alone"] });
  expect(host.describe()[0]).toMatchObject({ state: "failed", code: "PLUGIN_SETUP_FAILED", config: { n: 2 } });
  await withN(3);
  await expect(host.reload()).resolves.toMatchObject({ started: ["moody"], failed: [], unchanged: ["alone"] });
});

test("reloads that come at the same time are served one after the other", async () => {
  const site = await threePlugins();
  const host = site.host();
  await host.start();
  await site.yaml(yaml(2));
  const [first, second] = await Promise.all([host.reload(), host.reload()]);
  expect(first.restarted).toEqual(["user", "base"]);
  expect(second.unchanged).toEqual(["user", "base", "alone"]);
  expect(site.told.filter((type) => type === "base.started")).toHaveLength(2);
});

test("other code under the same path stays unused until the host restarts, and that is told", async () => {
  const site = await makeSite();
  await site.plugin("coded", { setup: `ctx.events.publish({ type: "old" });` });
  await site.yaml("plugins: [{ use: coded }]");
  const host = site.host();
  await host.start();
  await site.plugin("coded", { setup: `ctx.events.publish({ type: "new" });`, package: { version: "2.0.0" } });
  await expect(host.reload()).resolves.toMatchObject({
    unchanged: ["coded"],
    warnings: ["coded: version 2.0.0 is installed, but 1.2.3 stays loaded until the host restarts."],
  });
  expect(host.describe()).toMatchObject([{ version: "1.2.3" }]);
  expect(site.told).toEqual(["old"]);
});

test("a plugin that moves to another path is loaded from there", async () => {
  const site = await makeSite();
  await site.plugin("coded", { setup: `ctx.events.publish({ type: "old" });` });
  await site.plugin("coded", { setup: `ctx.events.publish({ type: "new" });` }, "next");
  await site.yaml("plugins: [{ use: coded }]");
  const host = site.host();
  await host.start();
  await site.yaml("plugins: [{ use: ./next }]");
  await expect(host.reload()).resolves.toMatchObject({ restarted: ["coded"] });
  expect(site.told).toEqual(["old", "new"]);
});

test("a stopped host does not reload", async () => {
  const site = await threePlugins();
  const host = site.host();
  await host.start();
  await host.stop();
  await expect(host.reload()).rejects.toMatchObject({ code: "HOST_STOPPED", status: 503 });
});
