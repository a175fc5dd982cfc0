import { accessSync, constants, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AskedLimits } from "./asked.ts";
import { type CgroupDirs, type Cgroups, CPU_PERIOD_US, cpuQuotaUs, writeSetting } from "./cgroups.ts";
import type { CgroupMounts } from "./mounts.ts";

const GROUP = "damson";

/** Cgroups of version 1: one hierarchy a controller, below the agent's own cgroup. `undefined` when none can be written. */
export function cgroupsV1({ controllers }: CgroupMounts): Cgroups | undefined {
  const base = (controller: string) => {
    const own = controllers.get(controller)?.own;
    return own !== undefined && isWritable(own) ? join(own, GROUP) : undefined;
  };
  const bases = { cpu: base("cpu"), memory: base("memory"), cpuset: base("cpuset"), cpuacct: base("cpuacct") };
  const can = { cpu: !!bases.cpu, memory: !!bases.memory, cpuSet: !!bases.cpuset };
  if (!can.cpu && !can.memory && !can.cpuSet) return undefined;

  function create(name: string, { cpu, memory, cpuSet }: AskedLimits): CgroupDirs {
    const dirs: Record<string, string> = {};
    const make = (controller: keyof typeof bases) => {
      const directory = join(bases[controller] ?? "", name);
      mkdirSync(directory, { recursive: true });
      dirs[controller] = directory;
      return directory;
    };
    if (memory !== undefined) {
      const directory = make("memory");
      writeMemory(directory, memory);
    }
    if (cpu !== undefined) {
      const directory = make("cpu");
      writeSetting(directory, "cpu.cfs_period_us", CPU_PERIOD_US);
      writeSetting(directory, "cpu.cfs_quota_us", cpuQuotaUs(cpu));
    }
    if (cpuSet !== undefined) {
      const directory = make("cpuset");
      copyCpuset(join(directory, "..", ".."), join(directory, ".."));
      copyCpuset(join(directory, ".."), directory);
      writeSetting(directory, "cpuset.cpus", cpuSet);
    }
    if (bases.cpuacct && Object.keys(dirs).length > 0) make("cpuacct");
    return dirs;
  }
  return { version: 1, can, create };
}

/** Memory with swap may not be below memory: whichever grows has to go first, so the order is tried both ways. */
function writeMemory(directory: string, bytes: number): void {
  const withSwap = existing(directory, "memory.memsw.limit_in_bytes");
  if (withSwap !== undefined && bytes > Number(withSwap)) writeSetting(directory, "memory.memsw.limit_in_bytes", bytes);
  writeSetting(directory, "memory.limit_in_bytes", bytes);
  if (withSwap !== undefined) writeSetting(directory, "memory.memsw.limit_in_bytes", bytes);
}

/** A new cpuset is empty, and takes no process until it has cores and memory nodes. */
function copyCpuset(from: string, to: string): void {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    if (existing(to, file) === "") writeSetting(to, file, existing(from, file) ?? "");
  }
}

function existing(directory: string, file: string): string | undefined {
  try {
    return readFileSync(join(directory, file), "utf8").trim();
  } catch {
    return undefined;
  }
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
