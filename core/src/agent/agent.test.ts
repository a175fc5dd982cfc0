import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DamsonError, type Logger } from "@damson/plugin-sdk";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Documents, openDocuments } from "../state/index.ts";
import { Agent } from "./agent.ts";
import { APP_SCHEMA_VERSION, type AppDocument } from "./document.ts";
import { ScriptedEngine, ScriptedRuntime } from "./fixtures/scripted-runtime.ts";
import type { AppSpec } from "./schema/apply.ts";
import { waitFor } from "./wait.ts";

const log: Logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const FAST = { delay: "1ms", max_delay: "2ms" };

let directory: string;
let engine: ScriptedEngine;
let runtime: ScriptedRuntime;
let agent: Agent;

function spec(version: string, extra: Partial<AppSpec> = {}): AppSpec {
  return { app: "shop", version, pkg: { type: "scripted" }, update: { min_running: "1ms" }, restart: FAST, ...extra };
}

function rolling(version: string): AppSpec {
  return spec(version, { update: { strategy: "rolling", min_running: "1ms", healthy_within: "5s" } });
}

async function bootAgent(): Promise<void> {
  const { documents, damaged } = await openDocuments<AppDocument>({ directory, schemaVersion: APP_SCHEMA_VERSION });
  runtime = new ScriptedRuntime(engine);
  agent = new Agent({
    identity: { owner: "me", nodeId: "node" },
    documents: documents as Documents<AppDocument>,
    damaged,
    log,
  });
  agent.addRuntime(runtime);
  agent.resume();
}

/** What a `kill -9` leaves: the documents and the units. The old agent does nothing any more. */
async function replaceAgent(): Promise<void> {
  await agent.detach();
  await bootAgent();
}

const status = () => agent.status(agent.app("shop"));
const only = () => {
  const [first] = status().instances;
  if (!first) throw new Error("no instance");
  return first;
};
const reaches = (wanted: "running" | "healthy" | "stopped" | "deleted") => waitFor(agent, "shop", { wanted }, 5_000);
const exits = () => agent.app("shop").document.value.exits;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "damson-agent-"));
  engine = new ScriptedEngine();
  await bootAgent();
});
afterEach(async () => {
  await agent.detach();
  await rm(directory, { recursive: true });
});

describe("an app", () => {
  test("runs after it was applied, and becomes healthy", async () => {
    expect((await agent.apply(spec("1"))).changed).toBe(true);
    await reaches("healthy");
    expect(status()).toMatchObject({
      status: "running",
      phase: "running",
      version: "1",
      healthy: { level: 100, msg: "Running" },
      runtime: "scripted",
    });
    expect(only()).toMatchObject({ run: 1, restarts: 0, pid: 1_001 });
  });

  test("is not started again when the same spec is applied again", async () => {
    await agent.apply(spec("1"));
    await reaches("running");
    expect((await agent.apply(spec("1"))).changed).toBe(false);
    expect(engine.starts).toHaveLength(1);
  });

  test("changes its version in place by recreate", async () => {
    await agent.apply(spec("1"));
    await reaches("running");
    const { instance_id } = only();
    await agent.apply(spec("2"));
    await reaches("running");
    expect(engine.running()).toEqual([`${instance_id} 2`]);
    expect(exits()).toMatchObject([
      { run: 1, version: "1", reason: "stop_requested", signal: "SIGTERM", log_cursor: "end" },
    ]);
  });

  test("keeps running when only what does not touch its unit changes", async () => {
    await agent.apply(spec("1"));
    await reaches("running");
    expect((await agent.apply(spec("1", { labels: { a: "b" } }))).changed).toBe(true);
    await reaches("running");
    expect(engine.starts).toHaveLength(1);
    expect(status().labels).toEqual({ a: "b" });
  });

  test("keeps its old run while the new package cannot be prepared", async () => {
    await agent.apply(spec("1"));
    await reaches("running");
    runtime.fail.prepare = new Error("no such archive");
    await agent.apply(spec("2"));
    await vi.waitFor(() => expect(only().reason).toContain("the old run goes on: no such archive"));
    expect(engine.running()).toHaveLength(1);
    delete runtime.fail.prepare;
    await reaches("running");
    expect(engine.running()).toEqual([expect.stringContaining(" 2")]);
  });

  test("stops, starts, restarts and is deleted", async () => {
    await agent.apply(spec("1"));
    await reaches("running");
    await agent.stop("shop");
    await reaches("stopped");
    expect(status()).toMatchObject({ status: "stopped", desired: "stopped" });
    await agent.start("shop");
    await reaches("running");
    await agent.restart("shop");
    await reaches("running");
    expect(only()).toMatchObject({ run: 3, restarts: 0 });
    await agent.delete("shop");
    await reaches("deleted");
    expect(engine.units.size).toBe(0);
    expect(agent.apps()).toEqual([]);
    await replaceAgent();
    expect(agent.apps()).toEqual([]);
  });

  test("can be applied again right after it was deleted", async () => {
    for (let round = 0; round < 20; round += 1) {
      await agent.apply(spec("1"));
      await agent.delete("shop");
    }
    await agent.apply(spec("1"));
    await reaches("running");
    await vi.waitFor(() => expect(engine.running()).toHaveLength(1));
  });

  test("goes back to the version before", async () => {
    await agent.apply(spec("1"));
    await agent.apply(spec("2"));
    await reaches("running");
    await agent.rollback("shop");
    await reaches("running");
    expect(status().version).toBe("1");
    await expect(agent.rollback("shop", 99)).rejects.toMatchObject({ code: "NO_SUCH_VERSION", status: 409 });
  });

  test("scales up and down", async () => {
    await agent.apply(spec("1", { instances: 3 }));
    await reaches("healthy");
    expect(engine.running()).toHaveLength(3);
    await agent.apply(spec("1", { instances: 1 }));
    await vi.waitFor(() => expect(engine.running()).toHaveLength(1));
    expect(engine.starts).toHaveLength(3);
  });
});

describe("an instance that ends by itself", () => {
  test("is started again, and its exit is kept", async () => {
    await agent.apply(spec("1"));
    await reaches("running");
    engine.exit(only().instance_id, { code: 7 });
    await vi.waitFor(() => expect(only()).toMatchObject({ run: 2, restarts: 1, phase: "running" }));
    expect(exits()).toMatchObject([{ run: 1, code: 7, signal: null, reason: "exit", oom: false }]);
  });

  test("stays ended under restart: never; a job that ended well is complete", async () => {
    await agent.apply(spec("1", { restart: "never" }));
    await reaches("running");
    engine.exit(only().instance_id, { code: 0 });
    await vi.waitFor(() =>
      expect(status()).toMatchObject({ phase: "exited", status: "stopped", healthy: { level: 100, msg: "Completed" } }),
    );
    await replaceAgent();
    await vi.waitFor(() => expect(status().phase).toBe("exited"));
    expect(engine.starts).toHaveLength(1);
  });

  test("a job that failed is an error, says why, and can be started again", async () => {
    await agent.apply(spec("1", { restart: "never" }));
    await reaches("running");
    engine.exit(only().instance_id, { code: 3 });
    await vi.waitFor(() =>
      expect(status()).toMatchObject({ status: "error", reason: "exited with code 3", healthy: { level: 0 } }),
    );
    await agent.start("shop");
    await reaches("running");
    expect(only().run).toBe(2);
  });

  test("restarts under on-failure only after a failure", async () => {
    await agent.apply(spec("1", { restart: { ...FAST, policy: "on-failure" } }));
    await reaches("running");
    engine.exit(only().instance_id, { code: 1 });
    await vi.waitFor(() => expect(only()).toMatchObject({ run: 2, phase: "running" }));
    engine.exit(only().instance_id, { code: 0 });
    await vi.waitFor(() => expect(only().phase).toBe("exited"));
  });

  test("five times is a crash loop, told once, and still retried", async () => {
    const events: string[] = [];
    agent.events.listen((event) => events.push(event.type));
    await agent.apply(spec("1"));
    for (let run = 1; run <= 6; run += 1) {
      await vi.waitFor(() => expect(only()).toMatchObject({ run, phase: "running" }));
      engine.exit(only().instance_id, { code: 1 });
    }
    await vi.waitFor(() =>
      expect(only()).toMatchObject({ run: 7, phase: "running", restarts: 6, crash_looping: true }),
    );
    expect(status().status).toBe("error");
    expect(events.filter((type) => type === "instance.crash_looping")).toHaveLength(1);
  });

  test("is not waited for", async () => {
    await agent.apply(spec("1", { restart: { delay: "60s" } }));
    await reaches("running");
    engine.exit(only().instance_id, { signal: "SIGKILL", code: 137 });
    await vi.waitFor(() => expect(exits()).toHaveLength(1));
    await expect(reaches("healthy")).rejects.toMatchObject({
      code: "APP_FAILED",
      message: expect.stringContaining("ended by SIGKILL"),
    });
    expect(only()).toMatchObject({ phase: "backoff", next_start_at: expect.any(String) });
  });

  test("a new version does not wait for the back-off of the old one", async () => {
    await agent.apply(spec("1", { restart: { delay: "60s" } }));
    await reaches("running");
    engine.exit(only().instance_id, { code: 1 });
    await vi.waitFor(() => expect(only().phase).toBe("backoff"));
    await agent.apply(spec("2"));
    await reaches("healthy");
  });
});

describe("a start that fails", () => {
  test("says why, is tried again, and counts no restart", async () => {
    runtime.fail.start = new DamsonError("PORT_TAKEN", "port 80 is taken");
    await agent.apply(spec("1", { restart: { delay: "20ms", max_delay: "20ms" } }));
    await vi.waitFor(() =>
      expect(only()).toMatchObject({ phase: "failed", reason: "could not start: port 80 is taken", restarts: 0 }),
    );
    expect(exits()[0]).toMatchObject({ reason: "start_failed", code: null, detail: "port 80 is taken" });
    delete runtime.fail.start;
    await vi.waitFor(() => expect(only().phase).toBe("running"));
  });

  test("is final under restart: never", async () => {
    runtime.fail.prepare = new Error("no such image");
    await agent.apply(spec("1", { restart: "never" }));
    await vi.waitFor(() =>
      expect(status()).toMatchObject({ status: "error", phase: "failed", reason: "could not start: no such image" }),
    );
    expect(only().next_start_at).toBeUndefined();
  });

  test("whose unit runs all the same is adopted, not started twice", async () => {
    runtime.fail.startAfter = new Error("the answer got lost");
    await agent.apply(spec("1"));
    await reaches("running");
    expect(engine.starts).toHaveLength(1);
    expect(exits()).toEqual([]);
  });
});

describe("the next agent", () => {
  test("adopts what runs: nothing is started, no restart is counted", async () => {
    await agent.apply(spec("1"));
    await reaches("running");
    for (let kill = 0; kill < 10; kill += 1) await replaceAgent();
    await reaches("healthy");
    expect(engine.starts).toHaveLength(1);
    expect(only()).toMatchObject({ restarts: 0, run: 1 });
  });

  test("adopts a unit whose handle was never recorded", async () => {
    await agent.apply(spec("1"));
    await reaches("running");
    const { instance_id } = only();
    await agent.detach();
    const { documents } = await openDocuments<AppDocument>({ directory, schemaVersion: APP_SCHEMA_VERSION });
    const document = documents.get("shop");
    await document?.update((value) => ({
      ...value,
      instances: value.instances.map((record) => ({ ...record, handle: undefined })),
    }));
    await bootAgent();
    await reaches("healthy");
    expect(engine.running()).toEqual([`${instance_id} 1`]);
    expect(engine.starts).toHaveLength(1);
  });

  test("reports the exit that nobody saw, and restarts", async () => {
    await agent.apply(spec("1"));
    await reaches("running");
    const { instance_id } = only();
    await agent.detach();
    engine.exit(instance_id, { code: 7 });
    await bootAgent();
    await vi.waitFor(() => expect(only()).toMatchObject({ run: 2, restarts: 1, phase: "running" }));
    expect(exits()).toMatchObject([{ code: 7, reason: "exit" }]);
  });

  test("reports an unknown end as unknown", async () => {
    await agent.apply(spec("1", { restart: "never" }));
    await reaches("running");
    await agent.detach();
    engine.units.clear();
    await bootAgent();
    await vi.waitFor(() => expect(status()).toMatchObject({ status: "error", phase: "exited" }));
    expect(exits()).toMatchObject([{ code: null, signal: null, reason: "unknown", detail: "it is gone" }]);
  });

  test("does not declare dead what its runtime cannot tell of", async () => {
    await agent.apply(spec("1"));
    await reaches("running");
    await agent.detach();
    const { documents, damaged } = await openDocuments<AppDocument>({ directory, schemaVersion: APP_SCHEMA_VERSION });
    runtime = new ScriptedRuntime(engine);
    runtime.fail.recover = new Error("the engine does not answer");
    agent = new Agent({ identity: { owner: "me", nodeId: "node" }, documents, damaged, log });
    agent.addRuntime(runtime);
    agent.resume();
    await vi.waitFor(() => expect(only()).toMatchObject({ phase: "pending", reason: "the engine does not answer" }));
    expect(agent.recovered).toBe(false);
    delete runtime.fail.recover;
    await reaches("healthy");
    expect(engine.starts).toHaveLength(1);
    expect(exits()).toEqual([]);
  });

  test("removes its orphans, and nothing of another owner", async () => {
    await agent.apply(spec("1"));
    await reaches("running");
    const stray = {
      owner: "me",
      nodeId: "node",
      app: "x",
      version: "1",
      instanceId: "x-1",
      run: 1,
      pkg: { type: "scripted" },
      environment: {},
    };
    await runtime.start(stray);
    await runtime.start({ ...stray, owner: "other", instanceId: "x-2" });
    await agent.sweepOrphans();
    expect(engine.running()).toEqual([`${only().instance_id} 1`, "x-2 1"]);
  });
});

describe("a runtime", () => {
  test("may go and come back: its units are adopted again", async () => {
    await agent.apply(spec("1"));
    await reaches("running");
    agent.removeRuntime("scripted");
    await vi.waitFor(() =>
      expect(only()).toMatchObject({ phase: "pending", reason: expect.stringContaining("no loaded runtime") }),
    );
    await expect(agent.apply(spec("2"))).rejects.toMatchObject({ code: "PACKAGE_TYPE_UNKNOWN", status: 400 });
    agent.addRuntime(new ScriptedRuntime(engine));
    await reaches("healthy");
    expect(engine.starts).toHaveLength(1);
  });

  test("whose watch fails is asked what became of the run", async () => {
    runtime.fail.watch = new Error("stream cut");
    await agent.apply(spec("1"));
    await vi.waitFor(() => expect(only().reason).toBe("the watch of the run failed: stream cut"));
    delete runtime.fail.watch;
    await reaches("healthy");
    expect(engine.starts).toHaveLength(1);
  });

  test("that cannot end a unit is asked again, and the survivors are named", async () => {
    await agent.apply(spec("1"));
    await reaches("running");
    runtime.survivors = ["java (pid 812)"];
    await agent.stop("shop");
    await vi.waitFor(() =>
      expect(only()).toMatchObject({ phase: "stopping", reason: "could not be ended, still there: java (pid 812)" }),
    );
    runtime.survivors = [];
    await reaches("stopped");
  });

  test("gets the stop settings of the spec", async () => {
    await agent.apply(spec("1", { stop: { signal: "SIGINT", grace_seconds: 3 } }));
    await reaches("running");
    await agent.stop("shop");
    await reaches("stopped");
    expect(runtime.stopped).toEqual([{ signal: "SIGINT", graceMs: 3_000 }]);
  });

  test("refuses: nothing is declared", async () => {
    runtime.fail.admit = new DamsonError("COMMAND_NOT_FOUND", "no such command", { status: 422 });
    await expect(agent.apply(spec("1"))).rejects.toMatchObject({ code: "COMMAND_NOT_FOUND" });
    expect(agent.apps()).toEqual([]);
  });
});

test("an app that moves to another runtime leaves nothing with the first", async () => {
  const otherEngine = new ScriptedEngine();
  agent.addRuntime(new ScriptedRuntime(otherEngine, "other"));
  await agent.apply(spec("1"));
  await reaches("running");
  const { instance_id } = only();
  await agent.apply(spec("1", { pkg: { type: "other" } }));
  await reaches("running");
  expect([engine.units.size, otherEngine.running()]).toEqual([0, [`${instance_id} 1`]]);
  expect(status().runtime).toBe("other");
  agent.removeRuntime("scripted");
  await agent.delete("shop");
  await reaches("deleted");
  expect(otherEngine.units.size).toBe(0);
});

describe("a rolling update", () => {
  test("replaces the instance once the new one is healthy", async () => {
    await agent.apply(rolling("1"));
    await reaches("healthy");
    const old = only().instance_id;
    await agent.apply(rolling("2"));
    await reaches("healthy");
    await vi.waitFor(() => expect(engine.running()).toEqual([expect.stringMatching(/ 2$/)]));
    expect(only().instance_id).not.toBe(old);
    expect(status()).toMatchObject({ version: "2", update: { state: "done", from_version: "1", to_version: "2" } });
  });

  test("that fails keeps the old instance and the logs of the new one, and says why", async () => {
    await agent.apply(rolling("1"));
    await reaches("healthy");
    const old = only().instance_id;
    const broken = agent.events.listen((event) => {
      const unit = [...engine.units.values()].find(
        (candidate) => candidate.instance.version === "2" && !candidate.status,
      );
      if (event.type === "instance.running" && unit) engine.exit(unit.instance.instanceId, { code: 9 });
    });
    const { app } = await agent.apply({ ...rolling("2"), update: { strategy: "rolling", min_running: "5s" } });
    const revision = app.document.value.current;
    await expect(waitFor(agent, "shop", { wanted: "healthy", revision }, 5_000)).rejects.toMatchObject({
      code: "APP_FAILED",
      message: expect.stringContaining("the update to 2 failed and was taken back"),
    });
    broken();
    await vi.waitFor(() => expect(engine.running()).toEqual([`${old} 1`]));
    expect(status()).toMatchObject({
      version: "1",
      status: "running",
      update: { state: "failed" },
      reason: expect.stringContaining("exited with code 9"),
    });
    expect(agent.app("shop").document.value.instances.map((record) => record.target)).toEqual(["running", "retired"]);
  });

  test("goes on after a crash of the agent", async () => {
    await agent.apply(rolling("1"));
    await reaches("healthy");
    runtime.fail.start = new Error("not now");
    await agent.apply({ ...rolling("2"), restart: { delay: "50ms" } });
    await replaceAgent();
    await reaches("healthy").catch(() => undefined);
    await vi.waitFor(() => expect(status().update?.state).not.toBe("in_progress"));
    expect(engine.running()).toHaveLength(1);
  });
});

test("a disk that refuses keeps the old version going, and the next apply works", async () => {
  await agent.apply(spec("1"));
  await reaches("running");
  await agent.app("shop").document.settled();
  const before = agent.app("shop").document.value;
  await rm(directory, { recursive: true });
  await expect(agent.apply(spec("2"))).rejects.toMatchObject({ code: "STATE_WRITE_FAILED" });
  expect(agent.app("shop").document.value).toBe(before);
  expect(engine.running()).toEqual([`${only().instance_id} 1`]);
  const { mkdir } = await import("node:fs/promises");
  await mkdir(directory);
});
