import { readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { DamsonError, errorText } from "@damson/plugin-sdk";
import type { AskedLimits, LimitName } from "./asked.ts";

/** The cgroup of one run: a directory in each hierarchy that is used; on v2 there is one, `unified`. */
export type CgroupDirs = Readonly<Record<string, string>>;

/** Makes cgroups of one version. */
export interface Cgroups {
  readonly version: 1 | 2;
  readonly can: Readonly<Record<LimitName, boolean>>;
  /**
   * Makes the cgroup of this name with these limits; one that is there already gets them.
   *
   * @throws DamsonError `LIMITS_UNAVAILABLE` (422) when the kernel refuses.
   */
  create(name: string, limits: AskedLimits): CgroupDirs;
}

/** Microseconds in which a quota of processor time is given; the kernel's default. */
export const CPU_PERIOD_US = 100_000;
const SMALLEST_QUOTA_US = 1_000;
const REMOVE_TRIES = 20;

/** Microseconds of processor time per period for so many cores. */
export function cpuQuotaUs(cores: number): number {
  return Math.max(Math.round(cores * CPU_PERIOD_US), SMALLEST_QUOTA_US);
}

/**
 * Writes one setting of a cgroup.
 *
 * @throws DamsonError `LIMITS_UNAVAILABLE` (422).
 */
export function writeSetting(directory: string, file: string, value: string | number): void {
  try {
    writeFileSync(join(directory, file), String(value));
  } catch (error) {
    throw new DamsonError("LIMITS_UNAVAILABLE", `the limit ${file} = ${value} cannot be set: ${errorText(error)}`, {
      status: 422,
      cause: error,
      issues: [{ path: "pkg.resources", message: `the kernel refuses ${file} = ${value}` }],
    });
  }
}

/** Files that a process writes `0` into to join. */
export function joinFiles(dirs: CgroupDirs): string[] {
  return Object.values(dirs).map((directory) => join(directory, "cgroup.procs"));
}

/** File with an `oom_kill` line; `undefined` when memory is not limited. */
export function oomFile(dirs: CgroupDirs): string | undefined {
  if (dirs.unified) return join(dirs.unified, "memory.events");
  return dirs.memory && join(dirs.memory, "memory.oom_control");
}

/** Pids in the cgroup and in those that the app made inside it. */
export function cgroupPids(dirs: CgroupDirs): number[] {
  return [...new Set(Object.values(dirs).flatMap(pidsBelow))];
}

function pidsBelow(directory: string): number[] {
  try {
    const own = readFileSync(join(directory, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
    return [...own, ...childrenOf(directory).flatMap(pidsBelow)];
  } catch {
    return [];
  }
}

function childrenOf(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name));
}

/** What a cgroup has used; a figure is `undefined` when no controller counts it. */
export interface CgroupUsage {
  readonly cpuSeconds: number | undefined;
  readonly memoryBytes: number | undefined;
}

/** Reads what the cgroup uses. */
export function cgroupUsage(dirs: CgroupDirs): CgroupUsage {
  if (dirs.unified) {
    const micros = /^usage_usec ([0-9]+)/m.exec(readSetting(dirs.unified, "cpu.stat") ?? "")?.[1];
    return {
      cpuSeconds: micros === undefined ? undefined : Number(micros) / 1e6,
      memoryBytes: number(readSetting(dirs.unified, "memory.current")),
    };
  }
  const nanos = number(dirs.cpuacct && readSetting(dirs.cpuacct, "cpuacct.usage"));
  return {
    cpuSeconds: nanos === undefined ? undefined : nanos / 1e9,
    memoryBytes: number(dirs.memory && readSetting(dirs.memory, "memory.usage_in_bytes")),
  };
}

function readSetting(directory: string, file: string): string | undefined {
  try {
    return readFileSync(join(directory, file), "utf8");
  } catch {
    return undefined;
  }
}

function number(text: string | undefined): number | undefined {
  return text === undefined || text === "" ? undefined : Number(text);
}

/** Removes the cgroup. The kernel lets go of the last process a moment after its death, so this tries for a while. */
export async function removeCgroup(dirs: CgroupDirs): Promise<boolean> {
  for (let attempt = 0; attempt < REMOVE_TRIES; attempt += 1) {
    if (Object.values(dirs).every(removeDir)) return true;
    await setTimeout(5 * (attempt + 1));
  }
  return false;
}

function removeDir(directory: string): boolean {
  try {
    for (const child of childrenOf(directory)) removeDir(child);
    rmdirSync(directory);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT";
  }
}
