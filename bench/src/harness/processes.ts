import { readdirSync, readFileSync } from "node:fs";

/** Ticks per second in /proc; the same on every Linux. */
const TICKS = 100;

/** CPU time that a process has used so far, in seconds. */
export function cpuSeconds(pid: number): number {
  const fields = statFields(pid);
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Pid of the parent. */
export function parentOf(pid: number): number {
  return Number(statFields(pid)[1]);
}

/** Resident memory, in MB. */
export function rssMb(pid: number): number {
  return kilobytes(`/proc/${pid}/status`, "VmRSS") / 1_024;
}

/** Memory of its own and its share of what it shares, in MB. */
export function pssMb(pid: number): number {
  return kilobytes(`/proc/${pid}/smaps_rollup`, "Pss") / 1_024;
}

/** Pids of the processes that a process has started, and theirs, and of those whose command line has this text. */
export function processesOf(pid: number, text: string): number[] {
  const found = new Set([pid]);
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const one of all.map(Number)) if (isOf(one, found, text)) found.add(one);
  }
  found.delete(pid);
  return [...found];
}

function isOf(pid: number, parents: ReadonlySet<number>, text: string): boolean {
  try {
    return parents.has(parentOf(pid)) || readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(text);
  } catch {
    // It has ended.
    return false;
  }
}

/** The fields of /proc/<pid>/stat from the third on; the second may hold blanks. */
function statFields(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function kilobytes(file: string, name: string): number {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(file, "utf8"));
  return Number(match?.[1]);
}
