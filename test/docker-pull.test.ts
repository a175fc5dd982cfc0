import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AgentEvent, type AppStatus, answer } from "@damson/client";
import { expect, type TestContext, test } from "vitest";
import { BUSYBOX } from "./support/busybox-image.ts";
import { damson } from "./support/damson.ts";
import { sharedEngine } from "./support/docker-engine.ts";
import type { Engine } from "./support/engine.ts";
import { startRegistry, startSilentRegistry } from "./support/registry.ts";
import { startSlowProxy } from "./support/slow-proxy.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { startAgent, type TestAgent } from "./support/test-agent.ts";
import { TestImages, writeLogin } from "./support/test-images.ts";
import { treeOf } from "./support/tree.ts";
import { until } from "./support/until.ts";

const ANN = { user: "ann", password: "correct-h0rse" };
const WRONG = "wr0ng-battery";
const RESTART = { delay: "200ms", max_delay: "1s" };

/** An agent on the shared engine, whose docker plugin has this config; and a home directory without any login. */
async function scene(context: TestContext, config: object = {}) {
  const engine = await sharedEngine(context);
  const images = new TestImages(context, engine);
  const directory = temporaryDirectory();
  const home = join(directory, "home");
  mkdirSync(join(home, ".docker"), { recursive: true });
  const plugins = join(directory, "plugins.yaml");
  const write = (own: object) =>
    writeFileSync(plugins, JSON.stringify({ plugins: [{ use: "@damson/runtime-docker", config: own }] }));
  write(config);
  const agent = await startAgent({ plugins, environment: { DOCKER_HOST: engine.host, HOME: home } });
  context.onTestFinished(async () => {
    await agent.cleanUp();
    rmSync(directory, { recursive: true });
    expect(await engine.containers(`damson.owner=${owner}`)).toEqual([]);
  }, 60_000);
  const owner = agent.owner;
  agent.showOnFailure();
  // What is asked of an engine that was not seen yet is answered without it.
  await usable(agent);
  const reload = async (own: object) => {
    write(own);
    return answer(agent.client.api.POST("/v1/plugins/reload"));
  };
  return { engine, images, agent, home, reload };
}

async function usable(agent: TestAgent): Promise<void> {
  await until("the engine is seen", async () => {
    const { runtimes } = await answer(agent.client.api.GET("/v1/plugins"));
    return runtimes.length > 0 && runtimes.every((runtime) => runtime.usable);
  });
}

/** Lines of a Dockerfile: an image that says which it is, and goes on. */
function saying(text: string): string[] {
  return [`RUN echo ${text} > /says`, `CMD ["sh", "-c", "cat /says; exec sleep 86400"]`];
}

async function apply(agent: TestAgent, image: string, more: { app?: string; version?: string; pkg?: object } = {}) {
  const { app = "shop", version = "v1", pkg = {} } = more;
  const spec = { type: "docker", image, network: "none", ...pkg };
  const body = { app, version, pkg: spec, restart: RESTART, update: { min_running: "0s" }, stop: { grace_seconds: 1 } };
  await answer(agent.client.api.POST("/v1/apply", { body }));
}

function statusOf(agent: TestAgent, app = "shop"): Promise<AppStatus> {
  return answer(agent.client.api.GET("/v1/status/{app}", { params: { path: { app } } }));
}

function healthy(agent: TestAgent, app = "shop"): Promise<AppStatus> {
  return until(
    `${app} is healthy`,
    async () => {
      const status = await statusOf(agent, app);
      return status.phase === "running" && status.healthy.level === 100 && status;
    },
    40_000,
  );
}

function reasonOf(agent: TestAgent, pattern: RegExp, app = "shop"): Promise<AppStatus> {
  return until(`the reason of ${app} is like ${pattern}`, async () => {
    const status = await statusOf(agent, app);
    return pattern.test(status.instances[0]?.reason ?? "") && status;
  });
}

async function saysOf(agent: TestAgent, app = "shop"): Promise<string | undefined> {
  let last: string | undefined;
  for await (const { text } of agent.client.logs(app, {})) last = text;
  return last;
}

/** All that the agent tells of the app and of itself, and all that it has on disk. */
async function everythingOf(agent: TestAgent): Promise<string> {
  const paths = [
    "/v1/status/shop",
    "/v1/apps/shop/exits",
    "/v1/apps/shop/versions",
    "/v1/apps/shop/logs",
    "/v1/plugins",
  ];
  const all = [...paths, "/v1/status", "/v1/events?follow=false", "/metrics"];
  const texts = await Promise.all(all.map(async (path) => (await fetch(agent.url + path)).text()));
  const files = Object.entries(treeOf(agent.workDir)).filter(([, what]) => what.startsWith("file"));
  return [agent.output, ...texts, ...files.map(([name]) => readFileSync(join(agent.workDir, name), "utf8"))].join("\n");
}

async function eventsOf(agent: TestAgent): Promise<AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of agent.client.events({ app: "shop" })) events.push(event);
  return events;
}

async function withoutSecrets(agent: TestAgent, ...passwords: readonly string[]): Promise<void> {
  const told = await everythingOf(agent);
  for (const password of passwords) {
    expect(told).not.toContain(password);
    expect(told).not.toContain(Buffer.from(`${ANN.user}:${password}`).toString("base64").replace(/=+$/, ""));
  }
}

test("an image comes from a registry whose password is in plugins.yaml", async (context) => {
  const { address } = await startRegistry(context, ANN);
  const registries = { [address]: { username: ANN.user, password: ANN.password } };
  const { images, agent } = await scene(context, { registries });
  const image = `${address}/team/shop:1`;
  await images.push(image, saying("one"), ANN);
  await apply(agent, image);
  await healthy(agent);
  await expect.poll(() => saysOf(agent)).toBe("one");
  await withoutSecrets(agent, ANN.password);
});

test("an image comes from a registry that the agent's user has logged in at", async (context) => {
  const { address } = await startRegistry(context, ANN);
  const { images, agent, home } = await scene(context);
  const image = `${address}/team/shop:1`;
  await images.push(image, saying("one"), ANN);
  await apply(agent, image);
  await reasonOf(agent, /^could not start: .+ Give who to log in as at 127\.0\.0\.1:\d+: /);
  // The file is read with each pull: no reload is needed.
  writeLogin(join(home, ".docker"), address, ANN);
  await healthy(agent);
  await expect.poll(() => saysOf(agent)).toBe("one");
  await withoutSecrets(agent, ANN.password);
});

test("a wrong password is told as such, shown nowhere, tried again, and healed by a reload", async (context) => {
  const { address } = await startRegistry(context, ANN);
  const config = (password: string) => ({ registries: { [address]: { username: ANN.user, password } } });
  const { images, agent, reload } = await scene(context, config(WRONG));
  const image = `${address}/team/shop:1`;
  await images.push(image, saying("one"), ANN);

  const directory = temporaryDirectory();
  context.onTestFinished(() => rmSync(directory, { recursive: true }));
  const pkg = { type: "docker", image, network: "none" };
  const document = { app: "shop", version: "v1", pkg, restart: RESTART, update: { min_running: "0s" } };
  writeFileSync(join(directory, "shop.json"), JSON.stringify(document));
  const applied = await damson(["apply", "--agent", agent.url, "-f", "shop.json", "--wait"], directory);
  expect(applied).toMatchObject({ code: 1, stdout: "" });
  const why = `the image ${image} cannot be pulled: `;
  const remedy = `Correct who to log in as at ${address}: \`registries\` in plugins.yaml, or \`docker login ${address}\``;
  expect(applied.stderr).toContain("APP_FAILED");
  expect(applied.stderr).toContain(why);
  expect(applied.stderr).toContain(remedy);

  const failed = await until("it waits for the next try", async () => {
    const status = await statusOf(agent);
    return status.phase === "failed" && status;
  });
  expect(failed).toMatchObject({ status: "error", restarts: 0 });
  for (const reason of [failed.reason, failed.instances[0]?.reason, failed.healthy.msg]) {
    expect(reason).toMatch(/unauthorized|authentication required|no basic auth/);
    expect(reason).toContain(why);
    expect(reason).toContain(remedy);
  }
  const tried = await until("it is tried again and again", async () => {
    const { exits } = await answer(agent.client.api.GET("/v1/apps/{app}/exits", { params: { path: { app: "shop" } } }));
    return exits.length >= 3 && exits;
  });
  for (const exit of tried) {
    expect(exit).toMatchObject({ code: null, reason: "start_failed", detail: expect.stringContaining(remedy) });
  }
  const shown = await damson(["exits", "shop", "--agent", agent.url], directory);
  expect(shown.stdout).toContain(remedy);
  expect((await eventsOf(agent)).filter(({ type }) => type === "instance.failed")[0]?.message).toContain(remedy);
  await withoutSecrets(agent, WRONG, ANN.password);
  expect(applied.stderr + shown.stdout).not.toContain(WRONG);

  expect(await reload(config(ANN.password))).toMatchObject({ restarted: ["runtime-docker"], failed: [] });
  await healthy(agent);
  expect((await statusOf(agent)).instances[0]).not.toHaveProperty("reason");
  await withoutSecrets(agent, WRONG, ANN.password);
});

test("an image that its registry lacks is told as such, and found when it comes", async (context) => {
  const { address } = await startRegistry(context);
  const { images, agent } = await scene(context);
  const image = `${address}/team/shop:1`;
  await apply(agent, image);
  const { reason } = await reasonOf(agent, /cannot be pulled/);
  expect(reason).toMatch(/not found|unknown/);
  expect(reason).toMatch(/\. Check the image's name and tag\.$/);
  await images.push(image, saying("one"));
  await healthy(agent);
});

test("pull_policy: always takes what is new under a tag, the others do not; never pulls nothing", async (context) => {
  const { address } = await startRegistry(context);
  const { engine, images, agent } = await scene(context);
  const image = `${address}/team/shop:latest`;
  await images.push(image, saying("one"));
  const never = apply(agent, image, { app: "never", pkg: { pull_policy: "never" } });
  await expect(never).rejects.toMatchObject({ problem: { code: "IMAGE_MISSING", status: 422 } });
  await apply(agent, image, { app: "always", pkg: { pull_policy: "always" } });
  await healthy(agent, "always");
  await apply(agent, image, { app: "never", pkg: { pull_policy: "never" } });
  await apply(agent, image, { app: "usual" });
  for (const app of ["always", "never", "usual"]) await healthy(agent, app);

  // The engine keeps the old image under the tag under which its registry has the new one.
  const old = `${address}/team/shop:old`;
  images.add(old);
  await engine.docker("tag", image, old);
  await images.push(image, saying("two"));
  await engine.docker("tag", old, image);
  for (const [app, says] of [
    ["usual", "one"],
    ["never", "one"],
    ["always", "two"],
  ] as const) {
    const params = { path: { app }, query: { wait: true } };
    await answer(agent.client.api.POST("/v1/apps/{app}/restart", { params }));
    await healthy(agent, app);
    await expect.poll(() => saysOf(agent, app)).toBe(says);
  }
});

test("a pull that takes its time is seen, and the app runs when it is done", async (context) => {
  const { address } = await startRegistry(context);
  const { images, agent } = await scene(context);
  const slow = await startSlowProxy(context, address, 4_000_000);
  const lines = ["RUN head -c 12000000 /dev/urandom > /blob", ...saying("large")];
  await images.push(`${address}/team/large:1`, lines);
  const image = `${slow}/team/large:1`;
  images.add(image);
  await apply(agent, image);
  const status = await reasonOf(agent, /^pulling /);
  expect(status).toMatchObject({ phase: "preparing", status: "pending", healthy: { level: 0 } });
  expect(status.reason).toMatch(new RegExp(`^pulling ${image}( \\([0-9]+ %\\))?$`));
  const shown = await damson(["status", "shop", "--agent", agent.url], agent.workDir);
  expect(shown.stdout).toContain(`pulling ${image}`);
  await healthy(agent);
  expect((await statusOf(agent)).instances[0]).not.toHaveProperty("reason");
});

const SOON_MS = 5_000;

test("a pull from a silent registry is given up with its app, its version, or its being wanted", async (context) => {
  const { address } = await startSilentRegistry(context);
  const { agent } = await scene(context);
  const image = `${address}/team/shop:1`;
  const pulling = /^pulling /;
  const params = { path: { app: "shop" }, query: { wait: true, timeout: "20s" } };
  const timed = async (what: string, act: () => Promise<unknown>) => {
    const begin = performance.now();
    await act();
    expect(performance.now() - begin, what).toBeLessThan(SOON_MS);
  };

  await apply(agent, image);
  await reasonOf(agent, pulling);
  await timed("delete", () => answer(agent.client.api.DELETE("/v1/apps/{app}", { params })));

  await apply(agent, image);
  await reasonOf(agent, pulling);
  await timed("stop", () => answer(agent.client.api.POST("/v1/apps/{app}/stop", { params })));
  await answer(agent.client.api.POST("/v1/apps/{app}/start", { params: { path: { app: "shop" } } }));
  await reasonOf(agent, pulling);

  const sleeping = { pkg: { command: ["sleep", "86400"] } };
  await timed("another image", async () => {
    await apply(agent, BUSYBOX, { version: "v2", ...sleeping });
    await healthy(agent);
  });
  const [first] = (await statusOf(agent)).instances;
  // What runs goes on until its successor is there.
  await apply(agent, image, { version: "v3" });
  await reasonOf(agent, pulling);
  expect((await statusOf(agent)).instances[0]?.container_id).toBe(first?.container_id);
  await timed("back to what runs", async () => {
    await apply(agent, BUSYBOX, { version: "v2", ...sleeping });
    await until("it is no longer pulled", async () => (await statusOf(agent)).instances[0]?.reason === undefined);
  });
  expect((await statusOf(agent)).instances[0]).toMatchObject({ container_id: first?.container_id, restarts: 0 });

  await apply(agent, image, { version: "v3" });
  await reasonOf(agent, pulling);
  await timed("the end of the agent", () => agent.end("SIGTERM"));
  await agent.start();
});

test("image_gc removes what was pulled for apps and is needed no more, and nothing else", async (context) => {
  const { address } = await startRegistry(context);
  const { engine, images, agent, reload } = await scene(context);
  const image = (name: string) => `${address}/team/${name}:1`;
  const has = async (name: string) => (await engine.docker("images", "--quiet", image(name))) !== "";
  for (const name of ["unused", "used", "stopped", "operators", "strangers"]) {
    await images.push(image(name), saying(name));
  }
  for (const name of ["operators", "strangers"]) await engine.docker("pull", "--quiet", image(name));
  for (const app of ["unused", "used", "stopped", "operators"]) {
    await apply(agent, image(app), { app });
    await healthy(agent, app);
  }
  await answer(
    agent.client.api.POST("/v1/apps/{app}/stop", { params: { path: { app: "stopped" }, query: { wait: true } } }),
  );
  for (const app of ["unused", "operators"]) await deleteApp(agent, app);
  const before = await running(engine, agent);
  expect(await reload({ image_gc: { unused_for: "1h" } })).toMatchObject({ restarted: ["runtime-docker"] });
  await usable(agent);
  expect(await has("unused")).toBe(true);

  await reload({ image_gc: { unused_for: 0 } });
  await until("what is unused is gone", async () => !(await has("unused")));
  for (const name of ["used", "stopped", "operators", "strangers"])
    expect({ name, has: await has(name) }).toEqual({ name, has: true });
  expect(await running(engine, agent)).toEqual(before);

  await deleteApp(agent, "used");
  await reload({ image_gc: { unused_for: "1ms" } });
  await until("what is used no more is gone too", async () => !(await has("used")));
  expect(await has("operators")).toBe(true);
  // An image that is gone is pulled again.
  await apply(agent, image("used"), { app: "used" });
  await healthy(agent, "used");
});

async function deleteApp(agent: TestAgent, app: string): Promise<void> {
  await answer(agent.client.api.DELETE("/v1/apps/{app}", { params: { path: { app }, query: { wait: true } } }));
}

async function running(engine: Engine, agent: TestAgent): Promise<string[]> {
  const all = await engine.containers(`damson.owner=${agent.owner}`);
  return all.filter(({ State }) => State.Running).map(({ Id }) => Id);
}
