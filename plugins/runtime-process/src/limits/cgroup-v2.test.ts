import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cgroupsV2 } from "./cgroup-v2.ts";
import { cgroupUsage, joinFiles, oomFile } from "./cgroups.ts";

/**
 * What is written where, on plain files in the place of the kernel's: a machine that has version 1 offers no other way.
 * On one that has version 2, limits.test.ts sets true limits by it.
 */
describe("cgroups of version 2", () => {
  let top: string;
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), "damson-cgroup-"));
    group(top, "cpuset cpu io memory pids");
    group(join(top, "damson"), "");
  });
  afterEach(() => rmSync(top, { recursive: true }));

  function group(directory: string, controllers: string) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "cgroup.controllers"), `${controllers}\n`);
    writeFileSync(join(directory, "cgroup.subtree_control"), "");
  }
  const text = (...path: string[]) => readFileSync(join(top, ...path), "utf8");

  it("are made below a group of their own, to which the controllers are given", () => {
    // A true kernel gives back names without signs: this group has them given already.
    writeFileSync(join(top, "damson", "cgroup.subtree_control"), "cpu memory cpuset\n");
    const cgroups = cgroupsV2({ unified: { top, own: top }, controllers: new Map() });
    expect(cgroups?.can).toEqual({ cpu: true, memory: true, cpuSet: true });
    expect(text("cgroup.subtree_control")).toBe("+cpuset +cpu +memory");

    const dirs = cgroups?.create("1-shop.1", { cpu: 1.5, memory: 67_108_864, cpuSet: "0-1" }) ?? {};
    expect(dirs).toEqual({ unified: join(top, "damson", "1-shop.1") });
    expect(text("damson", "1-shop.1", "memory.max")).toBe("67108864");
    expect(text("damson", "1-shop.1", "cpu.max")).toBe("150000 100000");
    expect(text("damson", "1-shop.1", "cpuset.cpus")).toBe("0-1");
    expect(joinFiles(dirs)).toEqual([join(top, "damson", "1-shop.1", "cgroup.procs")]);
    expect(oomFile(dirs)).toBe(join(top, "damson", "1-shop.1", "memory.events"));
  });

  it("tell their use", () => {
    const unified = join(top, "damson");
    writeFileSync(join(unified, "cpu.stat"), "usage_usec 2500000\nuser_usec 2000000\n");
    writeFileSync(join(unified, "memory.current"), "4096\n");
    expect(cgroupUsage({ unified })).toEqual({ cpuSeconds: 2.5, memoryBytes: 4_096 });
  });

  it("are not there where the hierarchy has no controller that limits", () => {
    group(top, "hugetlb");
    expect(cgroupsV2({ unified: { top, own: top }, controllers: new Map() })).toBeUndefined();
    expect(cgroupsV2({ unified: undefined, controllers: new Map() })).toBeUndefined();
  });
});
