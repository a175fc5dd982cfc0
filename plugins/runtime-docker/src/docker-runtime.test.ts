import { type Handle, type Instance, isRuntimeUnavailable, type RuntimeHealth } from "@damson/plugin-sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Answers, FakeEngine, GOOD } from "./fixtures/fake-engine.ts";
import { quiet } from "./fixtures/quiet-log.ts";
import { nothingPulled } from "./fixtures/test-engine.ts";
import { createDockerRuntime, type DockerConfig, type DockerRuntime } from "./index.ts";
import { LABELS } from "./unit/labels.ts";

const OWNER = "agent-1";
const instance: Instance = {
  owner: OWNER,
  nodeId: "node-1",
  app: "shop",
  version: "v1",
  instanceId: "shop-0",
  run: 1,
  pkg: { type: "docker", image: "shop:v1", network: "none" },
  environment: {},
};
const handle: Handle = {
  owner: OWNER,
  instanceId: "shop-0",
  run: 1,
  unit: { container_id: "c1" },
  startedAt: "2026-01-31T12:00:00.000Z",
  data: { version: 1, id: "c1" },
};
const SOON = { timeout: 10_000, interval: 20 } as const;

let fake: FakeEngine;
let runtime: DockerRuntime;
beforeEach(() => {
  fake = new FakeEngine();
  runtime = runtimeWith({ socket_path: fake.socketPath });
});
afterEach(async () => {
  runtime.close();
  await fake.dispose();
});

function runtimeWith(config: DockerConfig, env: Readonly<Record<string, string>> = {}): DockerRuntime {
  return createDockerRuntime({
    directory: fake.directory,
    owner: OWNER,
    log: quiet,
    pulled: nothingPulled(),
    config,
    env,
  });
}
const until = (ms = 5_000) => AbortSignal.timeout(ms);

/** Every call that asks the engine, by its name. */
const CALLS: Readonly<Record<string, () => Promise<unknown>>> = {
  prepare: () => runtime.prepare(instance, () => undefined, until()),
  start: () => runtime.start(instance),
  recover: () => runtime.recover(instance, undefined),
  stop: () => runtime.stop(handle, { signal: "SIGTERM", graceMs: 1_000 }),
  remove: () => runtime.remove(handle),
  list: () => runtime.list(OWNER),
  logs: () => Array.fromAsync(runtime.logs(handle, { signal: until() })),
  logCursor: () => runtime.logCursor(handle),
  stats: () => runtime.stats(handle),
  exec: () => runtime.exec?.(handle, { command: ["sh"] }, until()) ?? Promise.resolve(),
};

describe("without an engine", () => {
  it("the runtime says so, and what to do; a package that needs none is admitted", async () => {
    expect(await runtime.check()).toEqual({
      usable: false,
      reason: `there is no container engine at ${fake.socketPath}`,
      remedy: expect.stringContaining("socket_path"),
    });
    await runtime.admit({ ...instance, pkg: { ...instance.pkg, pull_policy: "never" } });
    await expect(
      runtime.admit({ ...instance, pkg: { ...instance.pkg, resources: { memory_limit: "1m" } } }),
    ).rejects.toMatchObject({ code: "PACKAGE_INVALID" });
  });

  it.each(Object.keys(CALLS))("%s is unavailable, and nothing else", async (name) => {
    await expect(CALLS[name]?.()).rejects.toSatisfy(isRuntimeUnavailable);
  });

  it("a watch says nothing, and ends when it is told to", async () => {
    expect(await Array.fromAsync(runtime.watch(handle, until(300)))).toEqual([]);
  });

  it("its health is told when it comes, goes and comes again", async () => {
    const told: RuntimeHealth[] = [];
    const ending = new AbortController();
    const health = runtime.health?.(ending.signal);
    if (!health) throw new Error("the runtime tells of no health");
    const telling = (async () => {
      for await (const one of health) told.push(one);
    })();
    await expect.poll(() => told.at(-1)?.usable, SOON).toBe(false);
    await fake.listen();
    await expect.poll(() => told.at(-1), SOON).toEqual({ usable: true, version: "docker 28.0.0" });
    await fake.stop();
    await expect.poll(() => told.at(-1)?.usable, SOON).toBe(false);
    ending.abort();
    await telling;
  });
});

describe("an engine that answers with noise", () => {
  it.each(Object.keys(CALLS))("makes %s unavailable, and nothing else", async (name) => {
    await fake.listen();
    await runtime.check();
    const noise: Answers[string] = (answer) => answer.end("<html>gateway</html>");
    const paths = ["/containers/json", "/containers/c1/json", "/images/shop:v1/json", "/containers/c1/logs"];
    fake.answers = { ...GOOD, ...Object.fromEntries(paths.map((path) => [path, noise])) };
    await expect(CALLS[name]?.()).rejects.toSatisfy(isRuntimeUnavailable);
  });

  it("in the middle of a stream ends that, and nothing else", async () => {
    const labels = { [LABELS.owner]: OWNER, [LABELS.instance]: "shop-0", [LABELS.run]: "1" };
    const json =
      (value: unknown): Answers[string] =>
      (answer) =>
        answer.end(JSON.stringify(value));
    fake.answers = {
      ...GOOD,
      "/containers/c1/json": json({
        Id: "c1",
        Config: { Labels: labels },
        HostConfig: {},
        State: { Status: "running", Running: true, StartedAt: handle.startedAt },
      }),
      "/containers/c1/stats": (answer) => answer.end("<html>gateway</html>"),
    };
    await fake.listen();
    await runtime.check();
    await expect(runtime.stats(handle)).rejects.toSatisfy(isRuntimeUnavailable);
    expect((await runtime.check()).usable).toBe(true);
  });
});

describe("a runtime", () => {
  it("is not made with settings that cannot be right", () => {
    expect(() => runtimeWith({}, { DOCKER_HOST: "nonsense" })).toThrow(
      expect.objectContaining({ code: "DOCKER_HOST_INVALID" }),
    );
    expect(() => runtimeWith({}, { PLUM_CONTAINER_MEMORY: "lots" })).toThrow(
      expect.objectContaining({ code: "CONTAINER_SETTING_INVALID" }),
    );
  });

  it("has nothing to do with units of another owner", async () => {
    const foreign = { ...handle, owner: "agent-2" };
    const calls = [
      runtime.start({ ...instance, owner: "agent-2" }),
      runtime.recover(instance, foreign),
      runtime.stop(foreign, { signal: "SIGTERM", graceMs: 0 }),
      runtime.remove(foreign),
      runtime.stats(foreign),
      Array.fromAsync(runtime.logs(foreign, { signal: until() })),
      runtime.logCursor(foreign),
    ];
    const refused = await Promise.allSettled(calls);
    expect(refused).toEqual(
      calls.map(() => ({ status: "rejected", reason: expect.objectContaining({ code: "FOREIGN_UNIT" }) })),
    );
  });
});
