import { expect, test, vi } from "vitest";
import { appLogs } from "./app-logs.ts";
import { scriptedAgent, spec } from "./fixtures/scripted-agent.ts";
import type { AppSpec } from "./schema/apply.ts";

const t = scriptedAgent();

function rolling(version: string, extra: Partial<AppSpec> = {}): AppSpec {
  return spec(version, { update: { strategy: "rolling", min_running: "1ms", healthy_within: "5s" }, ...extra });
}

test("a new app may be applied by many at once", async () => {
  const changes = await Promise.all(Array.from({ length: 5 }, () => t.agent.apply(spec("1"))));
  expect(changes.filter(({ changed }) => changed)).toHaveLength(1);
  await t.reaches("running");
  expect(t.engine.starts).toHaveLength(1);
});

test("every instance runs, also one that was declared while another change was written", async () => {
  await t.agent.apply(spec("1"));
  await t.reaches("running");
  for (let count = 2; count < 12; count += 1) {
    const relabelled = t.agent.apply(spec("1", { instances: count - 1, labels: { count: `${count}` } }));
    for (let turn = 0; turn < count - 2; turn += 1) await new Promise(setImmediate);
    await Promise.all([relabelled, t.agent.apply(spec("1", { instances: count }))]);
    await t.reaches("running");
    expect(t.engine.running()).toHaveLength(count);
  }
});

test("an apply that comes at any moment of a deletion is kept", async () => {
  for (let turns = 0; turns < 40; turns += 1) {
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    await t.agent.delete("shop");
    for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
    await t.agent.apply(spec("2"));
    await t.reaches("running");
    expect(t.status()).toMatchObject({ version: "2", desired: "running" });
  }
});

test("a run that cannot be watched in a rolling update is not asked for without a pause", async () => {
  await t.agent.apply(rolling("1"));
  await t.reaches("healthy");
  const recover = vi.spyOn(t.runtime, "recover");
  t.runtime.fail.watch = new Error("stream cut");
  const began = performance.now();
  await t.agent.apply(rolling("2", { update: { strategy: "rolling", min_running: "1h", healthy_within: "1h" } }));
  await vi.waitFor(() => expect(recover.mock.calls.length).toBeGreaterThan(2), 5_000);
  // Three waits, of which each is twice as long as the one before; the shortest takes 0.16 s.
  expect(performance.now() - began).toBeGreaterThan(1_000);
});

test("a start of which nobody knows whether it worked is cleared up before anything else is done", async () => {
  t.runtime.fail.startAfter = new Error("the answer got lost");
  t.runtime.fail.recover = new Error("the engine does not answer");
  await t.agent.apply(spec("1"));
  await vi.waitFor(() => expect(t.only().reason).toBe("the engine does not answer"));
  await t.agent.stop("shop");
  await vi.waitFor(() => expect(t.only().reason).toBe("the engine does not answer"));
  delete t.runtime.fail.recover;
  await t.reaches("stopped");
  expect(t.engine.running()).toEqual([]);
});

test("a stop does not wait until the package of the next version is prepared", async () => {
  await t.agent.apply(spec("1"));
  await t.reaches("running");
  const prepare = vi.spyOn(t.runtime, "prepare").mockImplementation(
    (...args: unknown[]) =>
      new Promise((_resolve, reject) => {
        const signal = args[2] as AbortSignal;
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
  );
  await t.agent.apply(spec("2"));
  await vi.waitFor(() => expect(prepare).toHaveBeenCalled());
  await t.agent.stop("shop");
  await t.reaches("stopped");
  expect(t.engine.running()).toEqual([]);
});

test("a document that cannot be removed is tried again", async () => {
  await t.agent.apply(spec("1"));
  await t.reaches("running");
  const { DurableDirectory } = await import("../state/durable-directory.ts");
  // No file system fails an unlink on demand.
  vi.spyOn(DurableDirectory.prototype, "remove").mockRejectedValueOnce(new Error("EIO"));
  await t.agent.delete("shop");
  await t.reaches("deleted");
  vi.restoreAllMocks();
});

test("a new version during a rolling update replaces what is not healthy first", async () => {
  await t.agent.apply(rolling("1"));
  await t.reaches("healthy");
  const first = t.only().instance_id;
  await t.agent.apply(rolling("2", { update: { strategy: "rolling", min_running: "1h" } }));
  await vi.waitFor(() => expect(t.engine.running()).toHaveLength(2));
  await t.agent.apply(rolling("3", { update: { strategy: "rolling", min_running: "1h" } }));
  await vi.waitFor(() => expect(t.engine.running()).toContainEqual(expect.stringMatching(/ 3$/)));
  expect(t.engine.running()).toContainEqual(`${first} 1`);
});

test("a new version during a rolling update that fails gives way to the last one that was proven", async () => {
  await t.agent.apply(rolling("1"));
  await t.reaches("healthy");
  await t.agent.apply(rolling("2", { update: { strategy: "rolling", min_running: "1h" } }));
  await vi.waitFor(() => expect(t.engine.running()).toHaveLength(2));
  t.runtime.fail.start = new Error("no such command");
  await t.agent.apply(rolling("3"));
  await vi.waitFor(() => expect(t.status().update?.state).toBe("failed"));
  expect(t.status().version).toBe("1");
  await vi.waitFor(() => expect(t.engine.running()).toEqual([expect.stringMatching(/ 1$/)]));
});

test("a job that completes is no failed update", async () => {
  await t.agent.apply(rolling("1", { restart: "never" }));
  await t.reaches("healthy");
  t.agent.events.listen((event) => {
    const unit = t.engine.running().find((running) => running.endsWith(" 2"));
    if (event.type === "instance.running" && unit) t.engine.exit(unit.split(" ")[0] ?? "", { code: 0 });
  });
  await t.agent.apply(
    rolling("2", { restart: "never", update: { strategy: "rolling", min_running: "1h", healthy_within: "1h" } }),
  );
  await vi.waitFor(() => expect(t.status().update?.state).toBe("done"));
  expect(t.status()).toMatchObject({ version: "2", healthy: { msg: "Completed" } });
});

test("the log of an instance that is removed ends for those who follow it", async () => {
  await t.agent.apply(spec("1", { instances: 2 }));
  await t.reaches("running");
  const app = t.agent.app("shop");
  const last = app.document.value.instances.at(-1)?.instance_id ?? "";
  const lines = appLogs(t.agent, app, { instance: last, follow: true }, new Date())(new AbortController().signal);
  const ended = vi.fn();
  void Array.fromAsync(lines).then(ended);
  await t.agent.apply(spec("1", { instances: 1 }));
  await vi.waitFor(() => expect(ended).toHaveBeenCalledWith([]));
});

test("a unit that survives the end of all apps is not recorded as ended, and the next agent has it", async () => {
  await t.agent.apply(spec("1"));
  await t.reaches("running");
  t.runtime.survivors = ["java (pid 812)"];
  await t.agent.detach();
  expect(await t.agent.stopDetached()).toEqual([expect.stringContaining("java (pid 812)")]);
  await t.boot();
  await t.reaches("running");
  expect(t.engine.starts).toHaveLength(1);
});
