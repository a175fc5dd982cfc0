import { mkdir, rm } from "node:fs/promises";
import { DamsonError } from "@damson/plugin-sdk";
import { describe, expect, test, vi } from "vitest";
import { FAST, scriptedAgent, spec } from "./fixtures/scripted-agent.ts";
import type { AppSpec } from "./schema/apply.ts";
import { waitFor } from "./wait.ts";

const t = scriptedAgent();

function rolling(version: string): AppSpec {
  return spec(version, { update: { strategy: "rolling", min_running: "1ms", healthy_within: "5s" } });
}

describe("an app", () => {
  test("runs after it was applied, and becomes healthy", async () => {
    expect((await t.agent.apply(spec("1"))).changed).toBe(true);
    await t.reaches("healthy");
    expect(t.status()).toMatchObject({
      status: "running",
      phase: "running",
      version: "1",
      healthy: { level: 100, msg: "Running" },
      runtime: "scripted",
    });
    expect(t.only()).toMatchObject({ run: 1, restarts: 0, pid: 1_001 });
  });

  test("becomes healthy by the agent's clock, also when its runtime is on a machine whose clock is behind", async () => {
    const start = t.runtime.start.bind(t.runtime);
    const behind = async (...words: Parameters<typeof start>) => ({
      ...(await start(...words)),
      startedAt: "2001-01-01T00:00:00.000Z",
    });
    vi.spyOn(t.runtime, "start").mockImplementation(behind);
    const begun = performance.now();
    await t.agent.apply(spec("1", { update: { min_running: "500ms" } }));
    await t.reaches("healthy");
    expect(performance.now() - begun).toBeGreaterThan(490);
    expect(t.only().started_at).toBe("2001-01-01T00:00:00.000Z");
  });

  test("is not started again when the same spec is applied again", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    expect((await t.agent.apply(spec("1"))).changed).toBe(false);
    expect(t.engine.starts).toHaveLength(1);
  });

  test("changes its version in place by recreate", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    const { instance_id } = t.only();
    await t.agent.apply(spec("2"));
    await t.reaches("running");
    expect(t.engine.running()).toEqual([`${instance_id} 2`]);
    expect(t.exits()).toMatchObject([
      { run: 1, version: "1", reason: "stop_requested", signal: "SIGTERM", log_cursor: "end" },
    ]);
  });

  test("keeps running when only what does not touch its unit changes", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    expect((await t.agent.apply(spec("1", { labels: { a: "b" } }))).changed).toBe(true);
    await t.reaches("running");
    expect(t.engine.starts).toHaveLength(1);
    expect(t.status().labels).toEqual({ a: "b" });
  });

  test("keeps its old run while the new package cannot be prepared", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    t.runtime.fail.prepare = new Error("no such archive");
    await t.agent.apply(spec("2"));
    await vi.waitFor(() => expect(t.only().reason).toContain("the old run goes on: no such archive"));
    expect(t.engine.running()).toHaveLength(1);
    delete t.runtime.fail.prepare;
    await t.reaches("running");
    expect(t.engine.running()).toEqual([expect.stringContaining(" 2")]);
  });

  test("stops, starts, restarts and is deleted", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    await t.agent.stop("shop");
    await t.reaches("stopped");
    expect(t.status()).toMatchObject({ status: "stopped", desired: "stopped" });
    await t.agent.start("shop");
    await t.reaches("running");
    await t.agent.restart("shop");
    await t.reaches("running");
    expect(t.only()).toMatchObject({ run: 3, restarts: 0 });
    await t.agent.delete("shop");
    await t.reaches("deleted");
    expect(t.engine.units.size).toBe(0);
    expect(t.agent.apps()).toEqual([]);
    await t.replace();
    expect(t.agent.apps()).toEqual([]);
  });

  test("can be applied again right after it was deleted", async () => {
    for (let round = 0; round < 20; round += 1) {
      await t.agent.apply(spec("1"));
      await t.agent.delete("shop");
    }
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    await vi.waitFor(() => expect(t.engine.running()).toHaveLength(1));
  });

  test("goes back to the version before", async () => {
    await t.agent.apply(spec("1"));
    await t.agent.apply(spec("2"));
    await t.reaches("running");
    await t.agent.rollback("shop");
    await t.reaches("running");
    expect(t.status().version).toBe("1");
    await expect(t.agent.rollback("shop", 99)).rejects.toMatchObject({ code: "NO_SUCH_VERSION", status: 409 });
  });

  test("scales up and down", async () => {
    await t.agent.apply(spec("1", { instances: 3 }));
    await t.reaches("healthy");
    expect(t.engine.running()).toHaveLength(3);
    await t.agent.apply(spec("1", { instances: 1 }));
    await vi.waitFor(() => expect(t.engine.running()).toHaveLength(1));
    expect(t.engine.starts).toHaveLength(3);
  });
});

describe("an instance that ends by itself", () => {
  test("is started again, and its exit is kept", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    t.engine.exit(t.only().instance_id, { code: 7 });
    await vi.waitFor(() => expect(t.only()).toMatchObject({ run: 2, restarts: 1, phase: "running" }));
    expect(t.exits()).toMatchObject([{ run: 1, code: 7, signal: null, reason: "exit", oom: false }]);
  });

  test("stays ended under restart: never; a job that ended well is complete", async () => {
    await t.agent.apply(spec("1", { restart: "never" }));
    await t.reaches("running");
    t.engine.exit(t.only().instance_id, { code: 0 });
    await vi.waitFor(() =>
      expect(t.status()).toMatchObject({
        phase: "exited",
        status: "stopped",
        healthy: { level: 100, msg: "Completed" },
      }),
    );
    await t.replace();
    await vi.waitFor(() => expect(t.status().phase).toBe("exited"));
    expect(t.engine.starts).toHaveLength(1);
  });

  test("a job that failed is an error, says why, and can be started again", async () => {
    await t.agent.apply(spec("1", { restart: "never" }));
    await t.reaches("running");
    t.engine.exit(t.only().instance_id, { code: 3 });
    await vi.waitFor(() =>
      expect(t.status()).toMatchObject({ status: "error", reason: "exited with code 3", healthy: { level: 0 } }),
    );
    await t.agent.start("shop");
    await t.reaches("running");
    expect(t.only().run).toBe(2);
  });

  test("restarts under on-failure only after a failure", async () => {
    await t.agent.apply(spec("1", { restart: { ...FAST, policy: "on-failure" } }));
    await t.reaches("running");
    t.engine.exit(t.only().instance_id, { code: 1 });
    await vi.waitFor(() => expect(t.only()).toMatchObject({ run: 2, phase: "running" }));
    t.engine.exit(t.only().instance_id, { code: 0 });
    await vi.waitFor(() => expect(t.only().phase).toBe("exited"));
  });

  test("five times is a crash loop, told once, and still retried", async () => {
    const events: string[] = [];
    t.agent.events.listen((event) => events.push(event.type));
    await t.agent.apply(spec("1"));
    for (let run = 1; run <= 6; run += 1) {
      await vi.waitFor(() => expect(t.only()).toMatchObject({ run, phase: "running" }));
      t.engine.exit(t.only().instance_id, { code: 1 });
    }
    await vi.waitFor(() =>
      expect(t.only()).toMatchObject({ run: 7, phase: "running", restarts: 6, crash_looping: true }),
    );
    expect(t.status().status).toBe("error");
    expect(events.filter((type) => type === "instance.crash_looping")).toHaveLength(1);
  });

  test("is not waited for", async () => {
    await t.agent.apply(spec("1", { restart: { delay: "60s" } }));
    await t.reaches("running");
    t.engine.exit(t.only().instance_id, { signal: "SIGKILL", code: 137 });
    await vi.waitFor(() => expect(t.exits()).toHaveLength(1));
    await expect(t.reaches("healthy")).rejects.toMatchObject({
      code: "APP_FAILED",
      message: expect.stringContaining("ended by SIGKILL"),
    });
    expect(t.only()).toMatchObject({ phase: "backoff", next_start_at: expect.any(String) });
  });

  test("a new version does not wait for the back-off of the old one", async () => {
    await t.agent.apply(spec("1", { restart: { delay: "60s" } }));
    await t.reaches("running");
    t.engine.exit(t.only().instance_id, { code: 1 });
    await vi.waitFor(() => expect(t.only().phase).toBe("backoff"));
    await t.agent.apply(spec("2"));
    await t.reaches("healthy");
  });
});

describe("a start that fails", () => {
  test("says why, is tried again, and counts no restart", async () => {
    t.runtime.fail.start = new DamsonError("PORT_TAKEN", "port 80 is taken", { remedy: "Choose another." });
    await t.agent.apply(spec("1", { restart: { delay: "20ms", max_delay: "20ms" } }));
    const detail = "port 80 is taken. Choose another.";
    await vi.waitFor(() =>
      expect(t.only()).toMatchObject({ phase: "failed", reason: `could not start: ${detail}`, restarts: 0 }),
    );
    expect(t.exits()[0]).toMatchObject({ reason: "start_failed", code: null, detail });
    await expect(t.reaches("running")).rejects.toMatchObject({
      code: "APP_FAILED",
      message: expect.stringContaining(detail),
    });
    delete t.runtime.fail.start;
    await vi.waitFor(() => expect(t.only().phase).toBe("running"));
  });

  test("is final under restart: never", async () => {
    t.runtime.fail.prepare = new Error("no such image");
    await t.agent.apply(spec("1", { restart: "never" }));
    await vi.waitFor(() =>
      expect(t.status()).toMatchObject({ status: "error", phase: "failed", reason: "could not start: no such image" }),
    );
    expect(t.only().next_start_at).toBeUndefined();
  });

  test("whose unit runs all the same is adopted, not started twice", async () => {
    t.runtime.fail.startAfter = new Error("the answer got lost");
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    expect(t.engine.starts).toHaveLength(1);
    expect(t.exits()).toEqual([]);
  });
});

describe("a rolling update", () => {
  test("replaces the instance once the new one is healthy", async () => {
    await t.agent.apply(rolling("1"));
    await t.reaches("healthy");
    const old = t.only().instance_id;
    await t.agent.apply(rolling("2"));
    await t.reaches("healthy");
    await vi.waitFor(() => expect(t.engine.running()).toEqual([expect.stringMatching(/ 2$/)]));
    expect(t.only().instance_id).not.toBe(old);
    expect(t.status()).toMatchObject({ version: "2", update: { state: "done", from_version: "1", to_version: "2" } });
  });

  test("that fails keeps the old instance and the logs of the new one, and says why", async () => {
    await t.agent.apply(rolling("1"));
    await t.reaches("healthy");
    const old = t.only().instance_id;
    const broken = t.agent.events.listen((event) => {
      const unit = [...t.engine.units.values()].find(
        (candidate) => candidate.instance.version === "2" && !candidate.status,
      );
      if (event.type === "instance.running" && unit) t.engine.exit(unit.instance.instanceId, { code: 9 });
    });
    const { app } = await t.agent.apply({ ...rolling("2"), update: { strategy: "rolling", min_running: "5s" } });
    const revision = app.document.value.current;
    await expect(waitFor(t.agent, "shop", { wanted: "healthy", revision }, 5_000)).rejects.toMatchObject({
      code: "APP_FAILED",
      message: expect.stringContaining("the update to 2 failed and was taken back"),
    });
    broken();
    await vi.waitFor(() => expect(t.engine.running()).toEqual([`${old} 1`]));
    expect(t.status()).toMatchObject({
      version: "1",
      status: "running",
      update: { state: "failed" },
      reason: expect.stringContaining("exited with code 9"),
    });
    expect(t.agent.app("shop").document.value.instances.map((record) => record.target)).toEqual(["running", "retired"]);
  });

  test("goes on after a crash of the agent", async () => {
    await t.agent.apply(rolling("1"));
    await t.reaches("healthy");
    t.runtime.fail.start = new Error("not now");
    await t.agent.apply({ ...rolling("2"), restart: { delay: "50ms" } });
    await t.replace();
    await t.reaches("healthy").catch(() => undefined);
    await vi.waitFor(() => expect(t.status().update?.state).not.toBe("in_progress"));
    expect(t.engine.running()).toHaveLength(1);
  });
});

test("a disk that refuses keeps the old version going, and the next apply works", async () => {
  await t.agent.apply(spec("1"));
  await t.reaches("running");
  await t.agent.app("shop").document.settled();
  const before = t.agent.app("shop").document.value;
  await rm(t.directory, { recursive: true });
  await expect(t.agent.apply(spec("2"))).rejects.toMatchObject({ code: "STATE_WRITE_FAILED" });
  expect(t.agent.app("shop").document.value).toBe(before);
  expect(t.engine.running()).toEqual([`${t.only().instance_id} 1`]);
  await mkdir(t.directory);
});
