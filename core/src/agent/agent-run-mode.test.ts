import { beforeEach, expect, test, vi } from "vitest";
import { Agent } from "./agent.ts";
import { appLogs } from "./app-logs.ts";
import { log, scriptedAgent, spec } from "./fixtures/scripted-agent.ts";
import { ScriptedEngine, ScriptedRuntime } from "./fixtures/scripted-runtime.ts";

const t = scriptedAgent();
let host: ScriptedEngine;
let docker: ScriptedEngine;
let runtimes: Record<"process" | "docker", ScriptedRuntime>;

/** An agent in this run mode, with two runtimes that serve the same packages. */
async function boot(mode: string, without?: string): Promise<void> {
  await t.agent.detach();
  const { documents, damaged } = await t.documents();
  const runMode = { name: mode, isAwaited: () => mode !== "process" };
  t.agent = new Agent({ identity: { owner: "me", nodeId: "node" }, documents, damaged, log, runMode });
  runtimes = {
    process: new ScriptedRuntime(host, "process", ["scripted"]),
    docker: new ScriptedRuntime(docker, "docker", ["scripted"]),
  };
  for (const runtime of Object.values(runtimes)) if (runtime.name !== without) t.agent.addRuntime(runtime);
  t.agent.resume();
}

beforeEach(() => {
  host = new ScriptedEngine();
  docker = new ScriptedEngine();
});

test("an app goes on under the runtime that runs it, and moves with its next run", async () => {
  await boot("process");
  await t.agent.apply(spec("1"));
  await t.reaches("healthy");
  const { instance_id } = t.only();
  await boot("docker");
  await t.reaches("healthy");
  expect([host.starts, docker.starts].map(({ length }) => length)).toEqual([1, 0]);
  expect(t.status().runtime).toBe("process");
  expect(t.agent.app("shop").supervisor(instance_id)?.run?.runtime?.name).toBe("process");
  const logs = vi.spyOn(runtimes.process, "logs");
  for await (const _ of appLogs(t.agent, t.agent.app("shop"), {}, new Date())(new AbortController().signal));
  expect(logs).toHaveBeenCalledOnce();
  host.exit(instance_id, { code: 1 });
  await vi.waitFor(() => expect(t.only()).toMatchObject({ run: 2, phase: "running" }));
  expect(docker.running()).toEqual([`${instance_id} 1`]);
  expect(host.units.size).toBe(0);
  expect(t.status().runtime).toBe("docker");
});

test.each(["its first", "one after a stop"])(
  "a start that the old runtime made, and no agent recorded, is found there: %s",
  async (start) => {
    await boot("process");
    await t.agent.apply(spec("1"));
    await t.reaches("running");
    if (start !== "its first") {
      await t.agent.stop("shop");
      await t.reaches("stopped");
      await t.agent.start("shop");
      await t.reaches("running");
    }
    const { instance_id } = t.only();
    await t.agent.detach();
    const { documents } = await t.documents();
    await documents.get("shop")?.update((value) => ({
      ...value,
      instances: value.instances.map((record) => ({ ...record, handle: undefined, runtime: undefined })),
    }));
    await boot("docker");
    await t.reaches("healthy");
    expect([host.running(), docker.running()]).toEqual([[`${instance_id} 1`], []]);
    expect(t.status().runtime).toBe("process");
  },
);

test("a run that ended before its start could be recorded has its log where it ran", async () => {
  await boot("process");
  runtimes.process.fail.startAfter = new Error("the answer got lost");
  vi.spyOn(runtimes.process, "recover").mockImplementationOnce(async ({ instanceId }) => {
    host.exit(instanceId, { code: 0 });
    const [unit] = [...host.units.values()];
    if (!unit?.status) throw new Error("nothing was started");
    return { state: "exited", handle: unit.handle, status: unit.status };
  });
  await t.agent.apply(spec("1", { restart: "never" }));
  await vi.waitFor(() => expect(t.only().phase).toBe("exited"));
  expect(t.agent.app("shop").supervisor(t.only().instance_id)?.run?.runtime?.name).toBe("process");
});

test("an unusable runtime that nothing was asked of holds up nothing", async () => {
  docker.turn("no engine");
  await boot("process");
  await t.agent.apply(spec("1"));
  await t.reaches("healthy");
  host.exit(t.only().instance_id, { code: 1 });
  await vi.waitFor(() => expect(t.only()).toMatchObject({ run: 2, phase: "running" }));
  await t.agent.stop("shop");
  await t.reaches("stopped");
  await boot("process");
  await t.reaches("stopped");
  await t.agent.delete("shop");
  await t.reaches("deleted");
  expect(host.units.size).toBe(0);
});

test("what waited for an engine in vain is begun elsewhere when the mode changes", async () => {
  docker.turn("no engine");
  await boot("docker");
  await vi.waitFor(() => expect(t.agent.checks.of("docker")?.usable).toBe(false));
  await t.agent.apply(spec("1"));
  await vi.waitFor(() => expect(t.only().reason).toBe("waits for the runtime docker: no engine"));
  await boot("process");
  await t.reaches("healthy");
  expect(t.status().runtime).toBe("process");
});

test("a deletion reaches every runtime that may have prepared something", async () => {
  await boot("process");
  await t.agent.apply(spec("1"));
  await t.reaches("running");
  const removals = Object.values(runtimes).map((runtime) => vi.spyOn(runtime, "remove"));
  await t.agent.delete("shop");
  await t.reaches("deleted");
  for (const remove of removals) expect(remove).toHaveBeenCalledOnce();
});

test("while the runtime of the run mode is not loaded, what never ran waits, and what ran runs where it did", async () => {
  await boot("process");
  await t.agent.apply(spec("1"));
  await t.reaches("running");
  await boot("docker", "docker");
  await t.reaches("healthy");
  host.exit(t.only().instance_id, { code: 1 });
  await vi.waitFor(() => expect(t.only()).toMatchObject({ run: 2, phase: "running" }));
  await t.agent.apply(spec("1", { instances: 2 }));
  await vi.waitFor(() =>
    expect(t.status().instances[1]).toMatchObject({
      phase: "pending",
      reason: 'waits for the runtime of the run mode: "docker" is not loaded; see `damson plugin list`',
    }),
  );
  await expect(t.agent.apply({ ...spec("1"), app: "new" })).rejects.toMatchObject({ code: "RUN_MODE_NOT_LOADED" });
  t.agent.addRuntime(runtimes.docker);
  await t.reaches("healthy");
  expect([host.running().length, docker.running().length]).toEqual([1, 1]);
});
