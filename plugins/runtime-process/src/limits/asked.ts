import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { DamsonError, memoryBytes, type ResourcesField } from "@damson/plugin-sdk";

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

/** What the kernel takes and a program can live with; a number beyond that is an error of whoever wrote it. */
const CPU = { place: "cpu_limit", least: 0.001, most: 65_536, text: "from 0.001 to 65536 cores" };
const MEMORY = { place: "memory_limit", least: 2 ** 20, most: 2 ** 50, text: "from 1m to 1024t" };

function within(value: number, { place, least, most, text }: typeof CPU): number {
  if (value >= least && value <= most) return value;
  throw new DamsonError("LIMIT_INVALID", `${place} is not ${text}`, {
    status: 422,
    remedy: `Give a limit ${text}, or leave it out.`,
    issues: [{ path: `pkg.resources.${place}`, message: `expected a limit ${text}` }],
  });
}

/**
 * The limits in `pkg.resources`.
 *
 * @throws DamsonError `LIMIT_INVALID` (422).
 */
export function askedLimits(resources: ResourcesField | undefined): AskedLimits {
  const { cpu_limit, memory_limit, cpu_set } = resources ?? {};
  return {
    ...(cpu_limit === undefined ? {} : { cpu: within(Number(cpu_limit), CPU) }),
    ...(memory_limit === undefined ? {} : { memory: within(memoryBytes(memory_limit), MEMORY) }),
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
