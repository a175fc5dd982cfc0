import { readFileSync } from "node:fs";

/** A process for certain: a pid is used again, a pid with its start time is not, within one boot. */
export interface Identity {
  readonly pid: number;
  /** Clock ticks after boot, field 22 of /proc/<pid>/stat. */
  readonly start: number;
}

/** A name for it in sets and maps. */
export function nameOf({ pid, start }: Identity): string {
  return `${pid} ${start}`;
}

/** The part of /proc/<pid>/stat that is used here. */
export interface ProcessStat extends Identity {
  readonly comm: string;
  /** `Z` and `X` are dead. */
  readonly state: string;
  readonly ppid: number;
  readonly session: number;
  /** Processor time of it and of its children that were waited for, in clock ticks. */
  readonly cpuTicks: number;
  /** Pages in memory. */
  readonly rssPages: number;
}

/** Reads the text of a /proc/<pid>/stat; the name in it may hold blanks and brackets. */
export function parseStat(text: string): ProcessStat | undefined {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 0 || close < open) return undefined;
  const field = text.slice(close + 2).split(" ");
  const number = (index: number) => Number(field[index]);
  return {
    pid: Number.parseInt(text, 10),
    comm: text.slice(open + 1, close),
    state: field[0] ?? "X",
    ppid: number(1),
    session: number(3),
    cpuTicks: number(11) + number(12) + number(13) + number(14),
    start: number(19),
    rssPages: number(21),
  };
}

/** What /proc says of a process; `undefined` when there is none or it is dead. */
export function readStat(pid: number): ProcessStat | undefined {
  const stat = readAnyStat(pid);
  return stat && stat.state !== "Z" && stat.state !== "X" ? stat : undefined;
}

function readAnyStat(pid: number): ProcessStat | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return undefined;
  }
}

/** Whether this very process lives. */
export function isAlive(identity: Identity): boolean {
  return readStat(identity.pid)?.start === identity.start;
}

/** Whether some process has this pid. Much cheaper than {@link isAlive}, and no proof that it lives. */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Signals this very process, and no other that has its pid. Returns whether it was there to be signalled. */
export function signalProcess(identity: Identity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch {
    return false;
  }
}

let boot: string | undefined;

/** Id of this boot of the machine: start times of an earlier boot mean nothing. */
export function bootId(): string {
  boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return boot;
}
