import { runtimeUnavailable } from "@damson/plugin-sdk";
import { describe, expect, test, vi } from "vitest";
import { scriptedAgent, spec } from "./fixtures/scripted-agent.ts";
import { ScriptedRuntime } from "./fixtures/scripted-runtime.ts";
import { waitFor } from "./wait.ts";

const t = scriptedAgent();
const WAITS = "waits for the runtime scripted: no engine";
const UNSEEN = "cannot be seen: no engine; last known running";

/** The engine goes away, and the agent has heard of it. */
async function goAway(): Promise<void> {
  t.engine.turn("no engine");
  await vi.waitFor(() => expect(t.agent.checks.of("scripted")?.usable).toBe(false));
}

function types(): string[] {
  return t.agent.events.since().map(({ type }) => type);
}

describe("while a runtime is known not to be usable", () => {
  test("an app is accepted with a warning, begins nothing, and begins at once when it is", async () => {
    await goAway();
    const prepare = vi.spyOn(t.runtime, "prepare");
    const { warnings } = await t.agent.apply(spec("1", { restart: "never" }));
    expect(warnings).toEqual([
      "the runtime scripted cannot be used: no engine. The app is declared, and begins as soon as it can. Start the engine.",
    ]);
    await vi.waitFor(() => expect(t.only()).toMatchObject({ phase: "pending", reason: WAITS, restarts: 0 }));
    expect(t.status()).toMatchObject({ status: "pending", healthy: { level: 0, msg: WAITS } });
    expect(prepare).not.toHaveBeenCalled();
    t.engine.turn(undefined);
    await t.reaches("healthy");
    expect(t.exits()).toEqual([]);
  });

  test("what runs is shown as unknown, is left alone, and is as before when it returns", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("healthy");
    const before = t.only();
    await goAway();
    await vi.waitFor(() => expect(t.only()).toMatchObject({ reason: UNSEEN, health: { level: 0, msg: UNSEEN } }));
    expect(t.status()).toMatchObject({ phase: "running", reason: UNSEEN, healthy: { level: 0 }, runtime: "scripted" });
    await expect(waitFor(t.agent, "shop", { wanted: "running" }, 1)).rejects.toMatchObject({ code: "WAIT_TIMEOUT" });
    t.engine.turn(undefined);
    await t.reaches("healthy");
    expect(t.only()).toEqual(before);
    expect(t.engine.starts).toHaveLength(1);
  });

  test("what ended meanwhile is reported as it was, and restarted", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("healthy");
    await goAway();
    t.engine.exit(t.only().instance_id, { code: 3 });
    await vi.waitFor(() => expect(t.only().reason).toBe(UNSEEN));
    expect(t.exits()).toEqual([]);
    t.engine.turn(undefined);
    await vi.waitFor(() => expect(t.only()).toMatchObject({ run: 2, restarts: 1, phase: "running" }));
    expect(t.exits()).toMatchObject([{ code: 3, reason: "exit" }]);
  });

  test("stop and delete wait for it", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    await goAway();
    await t.agent.stop("shop");
    await vi.waitFor(() => expect(t.only()).toMatchObject({ phase: "stopping", reason: UNSEEN }));
    t.engine.turn(undefined);
    await t.reaches("stopped");
    await goAway();
    await t.agent.delete("shop");
    await vi.waitFor(() => expect(t.only()).toMatchObject({ phase: "stopping", reason: WAITS }));
    t.engine.turn(undefined);
    await t.reaches("deleted");
    expect(t.engine.units.size).toBe(0);
  });

  test("a new version waits, and the old one is not touched", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("healthy");
    await goAway();
    await t.agent.apply(spec("2"));
    await vi.waitFor(() => expect(t.only()).toMatchObject({ version: "1", reason: UNSEEN }));
    t.engine.turn(undefined);
    await vi.waitFor(() => expect(t.engine.running()).toEqual([expect.stringMatching(/ 2$/)]));
    expect(t.only().restarts).toBe(0);
  });

  test("a preparing that is under way is given up, and counts as no failure", async () => {
    const aborted = vi.fn();
    vi.spyOn(t.runtime, "prepare").mockImplementationOnce(
      (...args: unknown[]) =>
        new Promise((_resolve, reject) => {
          const signal = args[2] as AbortSignal;
          signal.addEventListener("abort", () => reject(aborted(signal.reason)));
        }),
    );
    await t.agent.apply(spec("1", { restart: "never" }));
    await vi.waitFor(() => expect(t.only().phase).toBe("preparing"));
    await goAway();
    await vi.waitFor(() => expect(t.only()).toMatchObject({ phase: "pending", reason: WAITS }));
    expect(aborted).toHaveBeenCalledOnce();
    t.engine.turn(undefined);
    await t.reaches("healthy");
  });

  test("the end of all apps names what nobody can see", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    await t.agent.detach();
    t.engine.turn("no engine");
    await t.boot();
    await vi.waitFor(() => expect(t.only().reason).toBe(UNSEEN));
    await t.agent.detach();
    expect(await t.agent.stopDetached()).toEqual([expect.stringContaining(`nobody knows whether it runs: ${UNSEEN}`)]);
  });
});

describe("an agent that starts while the engine is away", () => {
  test("shows what it knows, and adopts when it is back", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("healthy");
    await t.agent.detach();
    t.engine.turn("no engine");
    await t.boot();
    await vi.waitFor(() => expect(t.only()).toMatchObject({ phase: "running", reason: UNSEEN, health: { level: 0 } }));
    expect(t.agent.recovered).toBe(false);
    t.engine.turn(undefined);
    await t.reaches("healthy");
    expect(t.engine.starts).toHaveLength(1);
    expect(t.exits()).toEqual([]);
  });

  test("knows that what was stopped is stopped", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    await t.agent.stop("shop");
    await t.reaches("stopped");
    await t.agent.detach();
    t.engine.turn("no engine");
    await t.boot();
    await t.reaches("stopped");
  });

  test("sweeps its orphans as soon as it is back and everything is recovered", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    const { instance_id } = t.only();
    const pkg = { type: "scripted" };
    const stray = {
      owner: "me",
      nodeId: "node",
      app: "x",
      version: "1",
      instanceId: "x-1",
      run: 1,
      pkg,
      environment: {},
    };
    await t.runtime.start(stray);
    await t.agent.detach();
    t.engine.turn("no engine");
    await t.boot();
    await vi.waitFor(() => expect(t.only().reason).toBe(UNSEEN));
    await t.agent.sweepOrphans();
    expect(t.engine.running()).toHaveLength(2);
    t.engine.turn(undefined);
    await vi.waitFor(() => expect(t.engine.running()).toEqual([`${instance_id} 1`]));
  });
});

describe("a call that does not reach the engine, of which the agent has not heard yet", () => {
  test.each(["prepare", "start"] as const)("counts for nothing: %s", async (call) => {
    t.runtime.fail[call] = runtimeUnavailable("connection refused");
    await t.agent.apply(spec("1", { restart: "never" }));
    await vi.waitFor(() => expect(t.only().reason).toBe("connection refused"));
    expect(t.only().phase).not.toBe("failed");
    delete t.runtime.fail[call];
    await t.reaches("healthy");
    expect(t.exits()).toEqual([]);
  });

  test("leaves no start behind of which nobody knows", async () => {
    t.runtime.fail.startAfter = runtimeUnavailable("the answer got lost");
    await t.agent.apply(spec("1", { restart: "never" }));
    await t.reaches("healthy");
    expect(t.engine.starts).toHaveLength(1);
    expect(t.exits()).toEqual([]);
  });

  test("is made again soon, however often it failed", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    try {
      const prepare = vi.spyOn(t.runtime, "prepare").mockRejectedValue(runtimeUnavailable("connection refused"));
      await t.agent.apply(spec("1"));
      await vi.advanceTimersByTimeAsync(60_000);
      const before = prepare.mock.calls.length;
      await vi.advanceTimersByTimeAsync(4_000);
      expect(prepare.mock.calls.length).toBeGreaterThan(before);
    } finally {
      vi.useRealTimers();
    }
  });

  test("when the package of the next version is prepared: the old run goes on", async () => {
    await t.agent.apply(spec("1"));
    await t.reaches("healthy");
    t.runtime.fail.prepare = runtimeUnavailable("connection refused", { remedy: "Start the engine." });
    await t.agent.apply(spec("2"));
    const reason = "cannot change to 2, the old run goes on: connection refused. Start the engine.";
    await vi.waitFor(() => expect(t.only().reason).toBe(reason));
    expect(t.exits()).toEqual([]);
  });
});

test("an apply whose admission does not reach the engine is accepted with a warning", async () => {
  t.runtime.fail.admit = runtimeUnavailable("connection refused", { remedy: "Start it." });
  const { warnings } = await t.agent.apply(spec("1"));
  expect(warnings).toEqual([expect.stringMatching(/scripted cannot be used: connection refused\. .* Start it\.$/)]);
  await t.reaches("running");
});

test("a rolling update is not failed by an outage, and has its full time after it", async () => {
  await t.agent.apply(spec("1"));
  await t.reaches("healthy");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  try {
    await t.agent.apply(spec("2", { update: { strategy: "rolling", min_running: "1h", healthy_within: "20s" } }));
    await vi.waitFor(() => expect(t.engine.running()).toHaveLength(2));
    await goAway();
    await vi.advanceTimersByTimeAsync(60_000);
    t.engine.turn(undefined);
    await vi.waitFor(() => expect(t.agent.checks.of("scripted")?.usable).toBe(true));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(t.status().update?.state).toBe("in_progress");
    await vi.advanceTimersByTimeAsync(10_000);
    await vi.waitFor(() => expect(t.status().update?.reason).toContain("not healthy within 20 s"));
  } finally {
    vi.useRealTimers();
  }
});

test("events tell that it went and came back, and no trouble of each instance", async () => {
  await t.agent.apply(spec("1", { instances: 3 }));
  await t.reaches("healthy");
  await goAway();
  await vi.waitFor(() => expect(t.only().reason).toBe(UNSEEN));
  t.engine.turn(undefined);
  await t.reaches("healthy");
  expect(types().filter((type) => /^runtime|trouble|exited/.test(type))).toEqual([
    "runtime.unavailable",
    "runtime.available",
  ]);
});

test("a runtime that says nothing of its health is tried, whatever its check said", async () => {
  t.agent.removeRuntime("scripted");
  const silent = new ScriptedRuntime(t.engine);
  Object.defineProperty(silent, "health", { value: undefined });
  silent.fail.check = new Error("cannot say");
  t.agent.addRuntime(silent);
  await vi.waitFor(() => expect(t.agent.checks.of("scripted")?.usable).toBe(false));
  await t.agent.apply(spec("1"));
  await t.reaches("healthy");
});
