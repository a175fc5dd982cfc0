import { DamsonError, unknownExit } from "@damson/plugin-sdk";
import { describe, expect, test, vi } from "vitest";
import { Agent } from "./agent.ts";
import { log, scriptedAgent, spec } from "./fixtures/scripted-agent.ts";
import { ScriptedEngine, ScriptedRuntime } from "./fixtures/scripted-runtime.ts";

const t = scriptedAgent();

describe("the next agent", () => {
  test("adopts what runs: nothing is started, no restart is counted", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    for (let kill = 0; kill < 10; kill += 1) await t.replace();
    await t.reaches("healthy");
    expect(t.engine.starts).toHaveLength(1);
    expect(t.only()).toMatchObject({ restarts: 0, run: 1 });
  });

  test("adopts a unit whose handle was never recorded", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    const { instance_id } = t.only();
    await t.agent.detach();
    const { documents } = await t.documents();
    const document = documents.get("shop");
    await document?.update((value) => ({
      ...value,
      instances: value.instances.map((record) => ({ ...record, handle: undefined })),
    }));
    await t.boot();
    await t.reaches("healthy");
    expect(t.engine.running()).toEqual([`${instance_id} 1`]);
    expect(t.engine.starts).toHaveLength(1);
  });

  test("reports the exit that nobody saw, and restarts", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    const { instance_id } = t.only();
    await t.agent.detach();
    t.engine.exit(instance_id, { code: 7 });
    await t.boot();
    await vi.waitFor(() => expect(t.only()).toMatchObject({ run: 2, restarts: 1, phase: "running" }));
    expect(t.exits()).toMatchObject([{ code: 7, reason: "exit" }]);
  });

  test("reports an unknown end as unknown", async () => {
    await t.agent.apply(spec("1", { restart: "never" }));
    await t.reaches("running");
    await t.agent.detach();
    t.engine.units.clear();
    await t.boot();
    await vi.waitFor(() => expect(t.status()).toMatchObject({ status: "error", phase: "exited" }));
    expect(t.exits()).toMatchObject([{ code: null, signal: null, reason: "unknown", detail: "it is gone" }]);
  });

  test("does not declare dead what its runtime cannot tell of", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    await t.agent.detach();
    await t.boot((runtime) => {
      runtime.fail.recover = new Error("the engine does not answer");
    });
    await vi.waitFor(() => expect(t.only()).toMatchObject({ phase: "pending", reason: "the engine does not answer" }));
    expect(t.agent.recovered).toBe(false);
    delete t.runtime.fail.recover;
    await t.reaches("healthy");
    expect(t.engine.starts).toHaveLength(1);
    expect(t.exits()).toEqual([]);
  });

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

  test("removes its orphans, and nothing of another owner", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    await t.runtime.start(stray);
    await t.runtime.start({ ...stray, owner: "other", instanceId: "x-2" });
    await t.agent.sweepOrphans();
    expect(t.engine.running()).toEqual([`${t.only().instance_id} 1`, "x-2 1"]);
  });

  test("removes its orphans, also when one of them cannot be ended", async () => {
    await t.runtime.start(stray);
    await t.runtime.start({ ...stray, instanceId: "x-2" });
    const stuck = { status: unknownExit("it could not be ended"), survivors: ["java (pid 812)"] };
    vi.spyOn(t.runtime, "stop").mockResolvedValueOnce(stuck);
    await t.agent.sweepOrphans();
    expect(t.engine.running()).toEqual(["x-1 1"]);
  });
});

describe("a runtime", () => {
  test("may go and come back: its units are adopted again", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    t.agent.removeRuntime("scripted");
    await vi.waitFor(() =>
      expect(t.only()).toMatchObject({ phase: "pending", reason: expect.stringContaining("which is not loaded") }),
    );
    await expect(t.agent.apply(spec("2"))).rejects.toMatchObject({ code: "PACKAGE_TYPE_UNKNOWN", status: 400 });
    t.agent.addRuntime(new ScriptedRuntime(t.engine));
    await t.reaches("healthy");
    expect(t.engine.starts).toHaveLength(1);
  });

  test("that is not there yet is said to be on its way, and only then to be missing", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    await t.agent.detach();
    const { documents, damaged } = await t.documents();
    const loading = Promise.withResolvers<void>();
    const identity = { owner: "me", nodeId: "node" };
    t.agent = new Agent({ identity, documents, damaged, log, loaded: loading.promise });
    t.agent.resume();
    await vi.waitFor(() => expect(t.only().reason).toContain("still being loaded"));
    loading.resolve();
    await vi.waitFor(() => expect(t.only().reason).toContain("which is not loaded"));
  });

  test("whose watch fails is asked what became of the run", async () => {
    t.runtime.fail.watch = new Error("stream cut");
    await t.agent.apply(spec("1"));
    await vi.waitFor(() => expect(t.only().reason).toBe("the watch of the run failed: stream cut"));
    delete t.runtime.fail.watch;
    await t.reaches("healthy");
    expect(t.engine.starts).toHaveLength(1);
  });

  test("that cannot end a unit is asked again, and the survivors are named", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    t.runtime.survivors = ["java (pid 812)"];
    await t.agent.stop("shop");
    await vi.waitFor(() =>
      expect(t.only()).toMatchObject({ phase: "stopping", reason: "could not be ended, still there: java (pid 812)" }),
    );
    t.runtime.survivors = [];
    await t.reaches("stopped");
  });

  test("is asked to stop what somebody has started again, so that it can be removed", async () => {
    await t.agent.apply(spec("1", { restart: "never", stop: { signal: "SIGINT", grace_seconds: 3 } }));
    await t.reaches("running");
    const { instance_id } = t.only();
    t.engine.exit(instance_id, { code: 0 });
    await vi.waitFor(() => expect(t.only().phase).toBe("exited"));
    for (const unit of t.engine.units.values()) delete unit.status;
    await t.agent.delete("shop");
    await t.reaches("deleted");
    expect(t.runtime.stopped).toEqual([{ signal: "SIGINT", graceMs: 3_000 }]);
    expect(t.engine.units.size).toBe(0);
  });

  test("gets the stop settings of the spec", async () => {
    await t.agent.apply(spec("1", { stop: { signal: "SIGINT", grace_seconds: 3 } }));
    await t.reaches("running");
    await t.agent.stop("shop");
    await t.reaches("stopped");
    expect(t.runtime.stopped).toEqual([{ signal: "SIGINT", graceMs: 3_000 }]);
  });

  test("is asked whether it is usable, also when it cannot say", async () => {
    await vi.waitFor(() => expect(t.agent.checks.of("scripted")).toEqual({ usable: true }));
    const silent = new ScriptedRuntime(t.engine, "silent");
    Object.defineProperty(silent, "health", { value: undefined });
    silent.fail.check = new Error("no socket");
    t.agent.addRuntime(silent);
    await vi.waitFor(() => expect(t.agent.checks.of("silent")).toEqual({ usable: false, reason: "no socket" }));
    expect(log.info).toHaveBeenCalledWith(expect.anything(), "silent: no socket");
    t.agent.removeRuntime("silent");
    expect(t.agent.checks.of("silent")).toBeUndefined();
  });

  test("refuses: nothing is declared", async () => {
    t.runtime.fail.admit = new DamsonError("COMMAND_NOT_FOUND", "no such command", { status: 422 });
    await expect(t.agent.apply(spec("1"))).rejects.toMatchObject({ code: "COMMAND_NOT_FOUND" });
    expect(t.agent.apps()).toEqual([]);
  });
});

test("an app that moves to another runtime leaves nothing with the first", async () => {
  const otherEngine = new ScriptedEngine();
  t.agent.addRuntime(new ScriptedRuntime(otherEngine, "other"));
  await t.agent.apply(spec("1"));
  await t.reaches("running");
  const { instance_id } = t.only();
  await t.agent.apply(spec("1", { pkg: { type: "other" } }));
  await t.reaches("running");
  expect([t.engine.units.size, otherEngine.running()]).toEqual([0, [`${instance_id} 1`]]);
  expect(t.status().runtime).toBe("other");
  t.agent.removeRuntime("scripted");
  await t.agent.delete("shop");
  await t.reaches("deleted");
  expect(otherEngine.units.size).toBe(0);
});

test("a stop that an agent did not live to complete is completed, whatever was declared since, and is no death", async () => {
  await t.agent.apply(spec("1"));
  await t.reaches("running");
  const { instance_id } = t.only();
  t.runtime.fail.stop = new Error("the agent dies while it waits for the end");
  await t.agent.stop("shop");
  await vi.waitFor(() => expect(t.only().reason).toContain("the agent dies"));
  await t.agent.start("shop");
  await t.agent.detach();
  t.engine.exit(instance_id, { code: 42 });
  await t.boot();
  await t.reaches("running");
  expect(t.exits()).toMatchObject([{ run: 1, code: 42, reason: "stop_requested" }]);
  expect(t.only()).toMatchObject({ run: 2, restarts: 0 });
});
