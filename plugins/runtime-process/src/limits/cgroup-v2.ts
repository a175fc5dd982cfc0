import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AskedLimits } from "./asked.ts";
import { type CgroupDirs, type Cgroups, CPU_PERIOD_US, cpuQuotaUs, writeSetting } from "./cgroups.ts";
import type { CgroupMounts } from "./mounts.ts";

const GROUP = "damson";
const AGENT_GROUP = "damson-agent";
const CONTROLLERS = ["cpu", "memory", "cpuset"];

/**
 * Cgroups of version 2, in a group `damson` at the top of the hierarchy (an agent run by root), else in the agent's own
 * cgroup (a delegated one). `undefined` when neither can be written, or when no controller is there.
 */
export function cgroupsV2({ unified }: CgroupMounts): Cgroups | undefined {
  if (!unified) return undefined;
  for (const parent of new Set([unified.top, unified.own])) {
    const base = join(parent, GROUP);
    const controllers = enable(parent, base);
    const can = {
      cpu: controllers.includes("cpu"),
      memory: controllers.includes("memory"),
      cpuSet: controllers.includes("cpuset"),
    };
    if (can.cpu || can.memory || can.cpuSet)
      return { version: 2, can, create: (name, limits) => create(base, name, limits) };
  }
  return undefined;
}

/** Makes the group, and gives it and those below it all controllers that can be given. Returns which they are. */
function enable(parent: string, base: string): string[] {
  try {
    const offered = words(parent, "cgroup.controllers").filter((controller) => CONTROLLERS.includes(controller));
    if (offered.length === 0) return [];
    mkdirSync(base, { recursive: true });
    if (!giveTo(parent, offered)) {
      // A cgroup that is not the root and holds processes cannot give controllers: the agent moves into a leaf of it.
      const leaf = join(parent, AGENT_GROUP);
      mkdirSync(leaf, { recursive: true });
      writeFileSync(join(leaf, "cgroup.procs"), String(process.pid));
      if (!giveTo(parent, offered)) return [];
    }
    return giveTo(base, offered) ? words(base, "cgroup.subtree_control") : [];
  } catch {
    return [];
  }
}

function giveTo(directory: string, controllers: readonly string[]): boolean {
  const given = words(directory, "cgroup.subtree_control");
  const missing = controllers.filter((controller) => !given.includes(controller));
  if (missing.length === 0) return true;
  try {
    writeFileSync(join(directory, "cgroup.subtree_control"), missing.map((controller) => `+${controller}`).join(" "));
    return true;
  } catch {
    return false;
  }
}

function words(directory: string, file: string): string[] {
  return readFileSync(join(directory, file), "utf8").split(/\s+/).filter(Boolean);
}

function create(base: string, name: string, { cpu, memory, cpuSet }: AskedLimits): CgroupDirs {
  const directory = join(base, name);
  mkdirSync(directory, { recursive: true });
  if (memory !== undefined) {
    writeSetting(directory, "memory.max", memory);
    // Else the limit would only move the rest to swap. The file is not there on a kernel without swap accounting.
    if (existsSync(join(directory, "memory.swap.max"))) writeSetting(directory, "memory.swap.max", 0);
  }
  if (cpu !== undefined) writeSetting(directory, "cpu.max", `${cpuQuotaUs(cpu)} ${CPU_PERIOD_US}`);
  if (cpuSet !== undefined) writeSetting(directory, "cpuset.cpus", cpuSet);
  return { unified: directory };
}
