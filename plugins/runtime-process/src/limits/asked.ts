import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { DamsonError, memoryBytes } from "@damson/plugin-sdk";
import type { Resources } from "../spec/package-schema.ts";

/** The limits that a package asks for. */
export interface AskedLimits {
  /** In cores. */
  readonly cpu?: number;
  /** In bytes. */
  readonly memory?: number;
  /** As in `0-1,3`. */
  readonly cpuSet?: string;
}

/** The name of a limit in {@link AskedLimits} and in the capabilities. */
export type LimitName = keyof AskedLimits;

/** The limits in `pkg.resources`. */
export function askedLimits(resources: Resources | undefined): AskedLimits {
  const { cpu_limit, memory_limit, cpu_set } = resources ?? {};
  return {
    ...(cpu_limit === undefined ? {} : { cpu: Number(cpu_limit) }),
    ...(memory_limit === undefined ? {} : { memory: memoryBytes(memory_limit) }),
    ...(cpu_set === undefined ? {} : { cpuSet: cpu_set }),
  };
}

/** @throws DamsonError `CPU_SET_INVALID` (422) when a core in it is not one that the agent may use. */
export function checkCpuSet(cpuSet: string): void {
  const allowed = coresIn(allowedCores());
  const bad = [...coresIn(cpuSet)].find((core) => !allowed.has(core));
  if (bad === undefined && coresIn(cpuSet).size > 0) return;
  throw new DamsonError("CPU_SET_INVALID", `the cores ${cpuSet} cannot be used`, {
    status: 422,
    issues: [
      {
        path: "pkg.resources.cpu_set",
        message: bad === undefined ? "names no core" : `there is no core ${bad}`,
        hint: `The cores are ${allowedCores()}.`,
      },
    ],
  });
}

function allowedCores(): string {
  return (
    /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? `0-${cpus().length - 1}`
  );
}

/** No machine has a core with a higher number; keeps a range such as 0-999999999 from being counted out. */
const HIGHEST_CORE = 65_535;

function coresIn(list: string): Set<number> {
  const cores = new Set<number>();
  for (const range of list.split(",")) {
    const [first = 0, last = first] = range.split("-").map((core) => Math.min(Number(core), HIGHEST_CORE));
    for (let core = first; core <= last; core += 1) cores.add(core);
  }
  return cores;
}
