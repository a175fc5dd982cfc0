import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDamsonError } from "@damson/plugin-sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { hasCgroups, hasProgram, itNeeds } from "../fixtures/machine.ts";
import { TestRuntime } from "../fixtures/test-runtime.ts";
import { processesOf } from "../run/unit.ts";
import { cgroupPids } from "./cgroups.ts";
import { Limits, readLimits } from "./limits.ts";

const NEED = "root and cgroups";
let test: TestRuntime;
beforeEach(() => {
  test = new TestRuntime();
});
afterEach(() => test.dispose());

const limitsOf = (instanceId: string, run = 1) => readLimits(test.path("instances", instanceId, `run-${run}`));

describe("limits", () => {
  itNeeds(hasCgroups, NEED, "on memory are set: the kernel kills what takes more, and the exit says so", async () => {
    const instance = test.instance({
      type: "binary",
      command: ["tail", "/dev/zero"],
      resources: { memory_limit: "32m" },
    });
    const handle = await test.run(instance);
    expect(await test.exit(handle)).toMatchObject({ code: 137, signal: "SIGKILL", oom: true });
  });

  itNeeds(hasCgroups, NEED, "on memory that is only used within them harm nobody", async () => {
    const instance = test.instance({
      type: "binary",
      command: ["sh", "-c", "exit 7"],
      resources: { memory_limit: "32m" },
    });
    const handle = await test.run(instance);
    expect(await test.exit(handle)).toMatchObject({ code: 7, oom: false });
  });

  itNeeds(hasCgroups, NEED, "hold the app but not its shim, and go when it has stopped", async () => {
    const resources = { memory_limit: "64m", cpu_limit: "0.5", cpu_set: "0" };
    const instance = test.instance({
      type: "script",
      command: ["setsid sleep 100 &", "echo ready", "wait"],
      resources,
    });
    const handle = await test.run(instance);
    await test.printed(handle, "ready");
    const dirs = limitsOf(instance.instanceId)?.dirs ?? {};
    expect(Object.values(dirs).every(existsSync)).toBe(true);
    const pids = cgroupPids(dirs);
    expect(pids).toContain(handle.unit.pid);
    expect(pids).not.toContain(processesOf(handle)?.shim.pid);
    expect(readFileSync(`/proc/${handle.unit.pid}/status`, "utf8")).toMatch(/^Cpus_allowed_list:\t0$/m);
    expect(await test.runtime.stats(handle)).toMatchObject({
      memory_limit_bytes: 64 * 2 ** 20,
      processes: pids.length,
    });
    await test.runtime.stop(handle, { signal: "SIGKILL", graceMs: 0 });
    expect(Object.values(dirs).filter(existsSync)).toEqual([]);
  });

  itNeeds(hasCgroups, NEED, "on processor time slow the app down", async () => {
    const busy = ["sh", "-c", "while :; do :; done"];
    const instance = test.instance({ type: "binary", command: busy, resources: { cpu_limit: 0.2 } });
    const handle = await test.run(instance);
    const began = performance.now();
    await vi.waitFor(async () => expect((await test.runtime.stats(handle)).cpu_seconds).toBeGreaterThan(0.15), 10_000);
    // At full speed this takes 0.15 s; with a fifth of a core 0.75 s.
    expect(performance.now() - began).toBeGreaterThan(400);
  });

  itNeeds(hasCgroups, NEED, "go when the app has ended by itself", async () => {
    const instance = test.instance({ type: "binary", command: ["true"], resources: { memory_limit: "64m" } });
    const handle = await test.run(instance);
    const dirs = Object.values(limitsOf(instance.instanceId)?.dirs ?? {});
    expect(dirs.length).toBeGreaterThan(0);
    await test.exit(handle);
    expect(dirs.filter(existsSync)).toEqual([]);
  });
});

describe("a machine without cgroups", () => {
  const none = { unified: undefined, controllers: new Map() };

  it("refuses limits with the reason and the places", () => {
    const limits = new Limits("/x", none);
    expect(limits.can).toMatchObject({ cpu: false, memory: false });
    try {
      limits.check({ cpu: 1, memory: 1_000_000 });
      expect.unreachable();
    } catch (error) {
      expect(isDamsonError(error) && error).toMatchObject({
        code: "LIMITS_UNAVAILABLE",
        status: 422,
        message: expect.stringContaining("no cgroup that it may write to"),
      });
      expect(isDamsonError(error) && error.issues.map(({ path }) => path)).toEqual([
        "pkg.resources.cpu_limit",
        "pkg.resources.memory_limit",
      ]);
    }
    expect(() => limits.check({})).not.toThrow();
  });

  itNeeds(hasProgram("taskset"), "taskset", "still keeps an app to its cores", async () => {
    const directory = await mkdtemp(join(tmpdir(), "damson-limits-"));
    const limits = new Limits("/x", none);
    limits.check({ cpuSet: "0" });
    expect(limits.create(directory, "a.1", { cpuSet: "0" })).toBeUndefined();
    expect(limits.prefix({ cpuSet: "0" })).toEqual([expect.stringMatching(/taskset$/), "-c", "0"]);
    await rm(directory, { recursive: true });
  });
});
