import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Gauge } from "prom-client";
import { expect, test, vi } from "vitest";
import { contributeRuntime, makeSite, type Site } from "./fixtures/site.ts";
import type { PluginDescription, PluginHost } from "./index.ts";
import { PluginRegistry } from "./plugin-registry.ts";

const publish = (type: string) => `ctx.events.publish({ type: ${JSON.stringify(type)} });`;
const LIFE = `ctx.events.publish({ type: ctx.id + ".started" });
  ctx.onStop(() => ctx.events.publish({ type: ctx.id + ".stopped" }));`;

function plugin(host: PluginHost, id: string): PluginDescription | undefined {
  return host.describe().find((each) => each.id === id);
}

/** A host with `bad`, whose fault is given, between two that are sound. */
async function startWithBad(
  site: Site,
  bad: Parameters<Site["plugin"]>[1],
  options?: Parameters<Site["host"]>[0],
): Promise<PluginDescription | undefined> {
  await site.plugin("good", { setup: LIFE });
  await site.plugin("bad", bad);
  await site.plugin("last", { setup: LIFE });
  await site.yaml("plugins:\n - use: good\n - use: bad\n - use: last");
  const host = site.host(options);
  await host.start();
  expect(plugin(host, "good")?.state).toBe("ready");
  expect(plugin(host, "last")?.state).toBe("ready");
  return plugin(host, "bad");
}

test("plugins start after what they need and stop before it", async () => {
  const site = await makeSite();
  // Each waits for the other's start, so that neither could if they were started one after the other.
  const meet = (other: string) =>
    `await new Promise((resolve) => {
      ctx.events.subscribe(({ type }) => type === "${other}.arrived" && resolve());
      ctx.events.publish({ type: ctx.id + ".arrived" });
      ctx.events.subscribe(({ type }) => type === "${other}.asks" && ctx.events.publish({ type: ctx.id + ".arrived" }));
      ctx.events.publish({ type: ctx.id + ".asks" });
    });`;
  const provide = (reference: string) => `ctx.contribute.service({ id: "${reference}" }, {});`;
  await site.plugin("top", { manifest: { requires: ["x:left", "x:right"] }, setup: LIFE });
  await site.plugin("left", {
    manifest: { provides: ["x:left"], requires: ["x:base"] },
    setup: meet("right") + provide("x:left") + LIFE,
  });
  await site.plugin("right", {
    manifest: { provides: ["x:right"], optional: ["x:base"] },
    setup: meet("left") + provide("x:right") + LIFE,
  });
  await site.plugin("base", { manifest: { provides: ["x:base"] }, setup: provide("x:base") + LIFE });
  await site.yaml("plugins: [{ use: top }, { use: left }, { use: right }, { use: base }]");

  const host = site.host();
  await host.start();
  expect(host.describe().map(({ state }) => state)).toEqual(["ready", "ready", "ready", "ready"]);
  await host.stop();
  const lives = site.told.filter((type) => /started|stopped/.test(type));
  expect(lives[0]).toBe("base.started");
  expect(lives[3]).toBe("top.started");
  expect(lives[4]).toBe("top.stopped");
  expect(lives[7]).toBe("base.stopped");
  expect(host.describe().map(({ state }) => state)).toEqual(["stopped", "stopped", "stopped", "stopped"]);
});

test("a plugin gets its checked config with defaults, and facts of the host", async () => {
  const site = await makeSite();
  const configSchema = {
    type: "object",
    additionalProperties: false,
    required: ["size"],
    properties: { size: { type: "integer", default: 3 }, token: { type: "string", format: "secret" } },
  };
  await site.plugin("sized", {
    configSchema,
    setup: `ctx.events.publish({ type: "setup", config, host: ctx.host, id: ctx.id });`,
  });
  await site.yaml("plugins:\n - use: sized\n   id: s1\n   config:\n    token: $" + "{TOKEN}");
  const host = site.host({ environment: { TOKEN: "hunter2" } });
  await host.start();
  expect(site.events).toEqual([
    {
      type: "setup",
      config: { size: 3, token: "hunter2" },
      host: { kind: "agent", version: "0.1.0", owner: "owner", nodeId: "node" },
      id: "s1",
      plugin: "s1",
    },
  ]);
  expect(plugin(host, "s1")).toEqual({
    id: "s1",
    use: "sized",
    required: false,
    name: "sized",
    version: "1.2.3",
    contract: 1,
    provides: [],
    runs_on: ["agent"],
    state: "ready",
    config: { size: 3, token: "***" },
    timings_ms: expect.objectContaining({ import: expect.any(Number), setup: expect.any(Number) }),
  });
  expect(JSON.stringify(site.log)).not.toContain("hunter2");
});

test.each<[string, Parameters<Site["plugin"]>[1], string, RegExp]>([
  [
    "throws in setup",
    { setup: `throw new Error("no luck");` },
    "PLUGIN_SETUP_FAILED",
    /:3:4 bad: setup failed: no luck$/,
  ],
  ["throws what is no error", { setup: `throw "no luck";` }, "PLUGIN_SETUP_FAILED", /bad: setup failed: no luck$/],
  [
    "throws a DamsonError of its own copy",
    {
      setup: `const e = Object.assign(new Error("no engine"), { code: "ENGINE_ABSENT", remedy: "Install it." });
        Object.defineProperty(e, Symbol.for("damson.error"), { value: true }); throw e;`,
    },
    "PLUGIN_SETUP_FAILED",
    /bad: setup failed: ENGINE_ABSENT: no engine\. Install it\.$/,
  ],
  ["does not parse", { module: "export default {" }, "PLUGIN_IMPORT_FAILED", /bad: its module cannot be loaded: /],
  ["throws on import", { module: `throw new Error("boom");` }, "PLUGIN_IMPORT_FAILED", /cannot be loaded: boom$/],
  ["imports what is absent", { module: `import "absent";` }, "PLUGIN_IMPORT_FAILED", /Cannot find package 'absent'/],
  [
    "exports nothing",
    { module: "export const a = 1;" },
    "PLUGIN_NOT_A_PLUGIN",
    /bad: the default export of its module is no plugin$/,
  ],
  [
    "has no setup",
    { module: `export default { [Symbol.for("damson.plugin")]: 1 };` },
    "PLUGIN_NOT_A_PLUGIN",
    /bad: the default export/,
  ],
  [
    "has code of a newer contract than its manifest says",
    { module: `export default { [Symbol.for("damson.plugin")]: 2, setup() {} };` },
    "PLUGIN_CONTRACT_UNSUPPORTED",
    /bad: built for contract 2, but this host serves 1$/,
  ],
  [
    "has a config in its code only",
    { module: `export default { [Symbol.for("damson.plugin")]: 1, config: {}, setup() {} };` },
    "PLUGIN_MANIFEST_INVALID",
    /bad: its code has a config schema, but its manifest names no configSchema$/,
  ],
  [
    "announces what it does not contribute",
    { manifest: { provides: ["x:y", "runtime:z"] } },
    "PLUGIN_PROVIDES_MISMATCH",
    /bad: its manifest announces x:y, runtime:z, but setup did not contribute it$/,
  ],
  [
    "contributes what it does not announce, and hides the error",
    { setup: `try { ctx.contribute.service({ id: "x:y" }, {}); } catch {}` },
    "PLUGIN_PROVIDES_MISMATCH",
    /bad: contributes x:y, which its manifest does not announce$/,
  ],
  [
    "looks up what it does not name",
    { setup: `ctx.services.find({ id: "x:y" });` },
    "PLUGIN_SETUP_FAILED",
    /PLUGIN_SERVICE_UNDECLARED: bad asks for x:y, which its manifest does not name\. Add "x:y" to "requires"/,
  ],
  [
    "has routes that do not register",
    { setup: `ctx.http(async () => { throw new Error("bad route"); });` },
    "PLUGIN_SETUP_FAILED",
    /bad: setup failed: bad route$/,
  ],
])("a plugin that %s fails alone", async (_, bad, code, reason) => {
  const site = await makeSite();
  const description = await startWithBad(site, bad);
  expect(description).toMatchObject({ state: "failed", code, reason: expect.stringMatching(reason) });
  expect(site.log).toContainEqual(expect.objectContaining({ code, plugin: "bad", level: 50 }));
});

test("a setup that hangs is given up, what it began is stopped, and it can add nothing later", async () => {
  const site = await makeSite();
  const setup = `${publish("began")}
    ctx.onStop(() => ctx.events.publish({ type: "aborted:" + ctx.signal.aborted }));
    await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
    await new Promise(setImmediate);
    try { ctx.contribute.service({ id: "x:y" }, {}); } catch (error) { ctx.events.publish({ type: error.code }); }`;
  const bad = { manifest: { provides: ["x:y"] }, setup };
  const description = await startWithBad(site, bad, { deadlines: { setupMs: 100 } });
  expect(description).toMatchObject({
    state: "failed",
    code: "PLUGIN_SETUP_TIMEOUT",
    reason: expect.stringMatching(/bad: setup has not finished within 0.1 s$/),
  });
  expect(site.told).toContain("aborted:true");
  await vi.waitFor(() => expect(site.told).toContain("PLUGIN_SETUP_OVER"));
});

test("a module that never finishes loading is given up", async () => {
  const site = await makeSite();
  const bad = { module: "await new Promise(() => {}); export default 1;" };
  expect(await startWithBad(site, bad, { deadlines: { importMs: 50 } })).toMatchObject({
    code: "PLUGIN_IMPORT_FAILED",
    reason: expect.stringMatching(/bad: its module has not finished loading within 0.05 s$/),
  });
});

test("what requires a failed plugin fails with it; what merely uses it does not", async () => {
  const site = await makeSite();
  await site.plugin("base", { manifest: { provides: ["x:base"] }, setup: `throw new Error("no");` });
  await site.plugin("needs", { manifest: { provides: ["x:needs"], requires: ["x:base"] }, setup: publish("needs") });
  await site.plugin("chain", { manifest: { requires: ["x:needs"] }, setup: publish("chain") });
  await site.plugin("uses", {
    manifest: { optional: ["x:base"] },
    setup: `ctx.events.publish({ type: "uses", found: ctx.services.find({ id: "x:base" }) ?? null });`,
  });
  await site.yaml("plugins: [{ use: chain }, { use: needs }, { use: uses }, { use: base }]");
  const host = site.host();
  await host.start();
  expect(site.events).toEqual([{ type: "uses", found: null, plugin: "uses" }]);
  expect(plugin(host, "needs")).toMatchObject({
    code: "PLUGIN_DEPENDENCY_FAILED",
    reason: expect.stringMatching(/ needs: requires x:base of base, which failed$/),
  });
  expect(plugin(host, "chain")?.reason).toMatch(/ chain: requires x:needs of needs, which failed$/);
});

test("a required plugin that cannot be loaded keeps the host from starting, before any code runs", async () => {
  const site = await makeSite();
  await site.plugin("good", { setup: publish("ran") });
  await site.plugin("bad", { manifest: { contract: 9 } });
  await site.yaml("plugins:\n - use: good\n - use: bad\n   required: true\n - use: absent");
  const start = site.host().start();
  await expect(start).rejects.toMatchObject({
    code: "PLUGINS_INVALID",
    message: expect.stringMatching(/^PLUGIN_CONTRACT_UNSUPPORTED .*:3:4 bad: .*\nPLUGIN_NOT_FOUND .*:5:9 absent: /),
    issues: [
      { path: "bad", line: 3, message: expect.stringContaining("PLUGIN_CONTRACT_UNSUPPORTED: ") },
      { path: "absent", line: 5 },
    ],
  });
  expect(site.events).toEqual([]);
});

test("a required plugin that fails in setup stops what has started", async () => {
  const site = await makeSite();
  await site.plugin("good", {
    manifest: { provides: ["x:y"] },
    setup: `ctx.contribute.service({ id: "x:y" }, {}); ${LIFE}`,
  });
  await site.plugin("bad", { manifest: { requires: ["x:y"] }, setup: `throw new Error("no luck");` });
  await site.yaml("plugins: [{ use: good }, { use: bad, required: true }]");
  await expect(site.host().start()).rejects.toMatchObject({
    code: "PLUGIN_SETUP_FAILED",
    message: expect.stringMatching(/bad: setup failed: no luck$/),
  });
  expect(site.told).toEqual(["good.started", "good.stopped"]);
});

test("services are found by typed reference, with what the provider contributed", async () => {
  const site = await makeSite();
  const fixture = (name: string) => join(import.meta.dirname, "fixtures", name);
  await site.yaml(`plugins: [{ use: ${fixture("summer")} }, { use: ${fixture("adder")} }]`);
  await site.host().start();
  expect(site.events).toEqual([{ type: "summer.summed", sum: 5, plugin: "summer" }]);
});

test("what is optional and not there is found missing", async () => {
  const site = await makeSite();
  await site.plugin("user", {
    manifest: { optional: ["math:absent"] },
    setup: `const ref = { id: "math:absent" };
      let code; try { ctx.services.get(ref); } catch (error) { code = error.code; }
      ctx.events.publish({ type: "asked", found: ctx.services.find(ref) === undefined ? "nothing" : "it", code });`,
  });
  await site.yaml("plugins: [{ use: user }]");
  await site.host().start();
  expect(site.events).toEqual([{ type: "asked", found: "nothing", code: "PLUGIN_SERVICE_MISSING", plugin: "user" }]);
});

test("runtimes are told to the observer, and found, until their plugin stops", async () => {
  const site = await makeSite();
  await site.plugin("rt", { manifest: { provides: ["runtime:idle"] }, setup: contributeRuntime("idle") });
  await site.yaml("plugins: [{ use: rt }]");
  const host = site.host();
  await host.start();
  const [found] = host.runtimes();
  expect(found?.pluginId).toBe("rt");
  await expect(found?.runtime.check()).resolves.toEqual({ usable: true });
  await host.stop();
  expect(site.runtimes).toEqual(["+rt/idle", "-rt/idle"]);
  expect(host.runtimes()).toEqual([]);
});

test("a runtime that the agent refuses makes its plugin fail", async () => {
  const site = await makeSite();
  const stop = `ctx.onStop(() => ctx.events.publish({ type: "stopped" }));`;
  await site.plugin("rt", { manifest: { provides: ["runtime:idle"] }, setup: contributeRuntime("idle") + stop });
  await site.yaml("plugins: [{ use: rt }]");
  const removed: string[] = [];
  const observer = {
    onRuntimeAdded: () => Promise.reject(new Error("the type is taken")),
    onRuntimeRemoved: (name: string) => void removed.push(name),
  };
  const host = site.host({ observer });
  await host.start();
  expect(plugin(host, "rt")).toMatchObject({
    state: "failed",
    code: "PLUGIN_REFUSED",
    reason: expect.stringMatching(/rt: its runtime is refused: the type is taken$/),
  });
  expect(removed).toEqual(["idle"]);
  expect(site.told).toEqual(["stopped"]);
});

test("a controller takes no runtime, and does not wait for one", async () => {
  const site = await makeSite();
  const manifest = { provides: ["runtime:idle"], runsOn: ["agent" as const, "controller" as const] };
  await site.plugin("both", { manifest, setup: `if (ctx.host.kind === "agent") { ${contributeRuntime("idle")} }` });
  await site.plugin("wrong", { manifest: { ...manifest, provides: ["runtime:x"] }, setup: contributeRuntime("x") });
  await site.yaml("plugins: [{ use: both }, { use: wrong }]");
  const host = site.host({ kind: "controller" });
  await host.start();
  expect(plugin(host, "both")?.state).toBe("ready");
  expect(plugin(host, "wrong")?.reason).toMatch(/wrong: contributes a runtime, which only the agent takes$/);
});

test("each plugin has a directory that only the host's user can read, and documents that last", async () => {
  const site = await makeSite();
  await site.plugin("keeper", {
    setup: `const document = await ctx.storage.document("count", { n: 0 });
      await document.update(({ n }) => ({ n: n + 1 }));
      const codes = [];
      for (const name of ["count", "../up"]) await ctx.storage.document(name, 0).catch(({ code }) => codes.push(code));
      ctx.events.publish({ type: "kept", n: document.value.n, directory: ctx.directory, codes });`,
  });
  await site.yaml("plugins: [{ use: keeper }]");
  for (const n of [1, 2]) {
    const host = site.host();
    await host.start();
    await host.stop();
    const directory = join(site.directory, "state", "keeper", "files");
    const codes = ["DOCUMENT_OPEN", "DOCUMENT_NAME_INVALID"];
    expect(site.events.at(-1)).toEqual({ type: "kept", n, directory, codes, plugin: "keeper" });
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  }
});

test("stopping runs what was given to onStop, last first, whatever each of them does", async () => {
  const site = await makeSite();
  await site.plugin("stopper", {
    setup: `${[1, 2, 3].map((n) => `ctx.onStop(() => ctx.events.publish({ type: "stop ${n}" }));`).join("\n")}
      ctx.onStop(() => { throw new Error("cannot"); });
      ctx.onStop(() => new Promise(() => {}));`,
  });
  await site.yaml("plugins: [{ use: stopper }]");
  const host = site.host({ deadlines: { stopMs: 50 } });
  await host.start();
  await host.stop();
  expect(site.told).toEqual(["stop 3", "stop 2", "stop 1"]);
  expect(site.log.filter(({ level }) => level === 50)).toHaveLength(2);
});

test("a listener hears events until its plugin stops, and its throwing harms nobody", async () => {
  const site = await makeSite();
  await site.plugin("hearer", {
    setup: `ctx.events.subscribe(({ type }) => {
      if (type === "bad") throw new Error("cannot hear");
      if (type === "question") ctx.events.publish({ type: "answer" });
    });`,
  });
  await site.yaml("plugins: [{ use: hearer }]");
  const host = site.host();
  await host.start();
  site.publish({ type: "bad" });
  site.publish({ type: "question" });
  expect(site.told).toEqual(["answer"]);
  expect(site.log.map(({ msg }) => msg)).toContain("a listener of hearer threw");
  await host.stop();
  site.publish({ type: "question" });
  expect(site.told).toEqual(["answer"]);
});

test("metrics carry the plugin's label, and collecting that throws harms nobody else", async () => {
  const site = await makeSite();
  const gauge = (name: string, collect: string) =>
    `const { Gauge } = await import(${JSON.stringify(import.meta.resolve("prom-client"))});
     new Gauge({ name: "${name}", help: "h", registers: [ctx.metrics], collect() { ${collect} } });`;
  await site.plugin("a", { setup: gauge("damson_a", "this.set(1);") });
  await site.plugin("b", { setup: gauge("damson_b", `throw new Error("cannot");`) });
  await site.yaml("plugins: [{ use: a }, { use: b }, { use: a, id: a2 }]");
  const host = site.host();
  await host.start();
  const [a, b, a2] = host.registries();
  await expect(a?.getSingleMetricAsString("damson_a")).resolves.toContain('damson_a{plugin="a"} 1');
  await expect(b?.getSingleMetricAsString("damson_b")).rejects.toThrow("cannot");
  await expect(a2?.getSingleMetricAsString("damson_a")).resolves.toContain('damson_a{plugin="a2"} 1');
  await host.stop();
  expect(host.registries()).toEqual([]);
});

test("metrics that are never collected are given up", async () => {
  const registry = new PluginRegistry("slow", 20);
  new Gauge({ name: "damson_slow", help: "h", registers: [registry], collect: () => new Promise(() => {}) });
  await expect(registry.getSingleMetricAsString("damson_slow")).rejects.toThrow(
    "slow has not collected damson_slow within 0.02 s",
  );
});
