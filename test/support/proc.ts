import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The variable that every process of a run inherits; its value begins with `<owner>/<instance>/<run>`. */
const MARKER = "DAMSON_RUN";

/** A process of a run, as the kernel tells of it. */
export interface RunProcess {
  readonly pid: number;
  /** Start time in clock ticks since boot: with the pid, it names the process for ever. */
  readonly start: number;
  readonly parent: number;
  readonly instance: string;
  readonly run: number;
  readonly command: readonly string[];
  /** Whether it is the shim, which watches over the run and is no part of the app. */
  readonly shim: boolean;
}

/** Every process that carries the marker of this owner, read from /proc; no agent is asked. */
export function runProcesses(owner: string): RunProcess[] {
  return pids().flatMap((pid) => runProcess(pid, owner) ?? []);
}

/** Pids of all processes whose working directory is in this one. It finds those too that cleared their environment. */
export function pidsIn(directory: string): number[] {
  return pids().filter((pid) => workingDirectory(pid)?.startsWith(`${directory}/`));
}

function pids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number);
}

function workingDirectory(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // It has ended, or belongs to another user.
    return undefined;
  }
}

/** The processes of an instance's apps themselves: children of a shim, but no shim. */
export function appProcesses(owner: string, isApp: (instance: string) => boolean = () => true): RunProcess[] {
  const found = runProcesses(owner);
  const shims = new Set(found.filter((one) => one.shim).map((one) => one.pid));
  return found.filter((one) => !one.shim && shims.has(one.parent) && isApp(one.instance));
}

function runProcess(pid: number, owner: string): RunProcess | undefined {
  const marker = read(pid, "environ")
    .split("\0")
    .find((entry) => entry.startsWith(`${MARKER}=${owner}/`));
  const stat = read(pid, "stat");
  if (marker === undefined || stat === "") return undefined;
  const [instance = "", run = ""] = marker.slice(MARKER.length + owner.length + 2).split("/");
  // Fields are counted after the last ")": a command's name may hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const command = read(pid, "cmdline").split("\0").slice(0, -1);
  const shim = command[1]?.endsWith("/shim.sh") === true;
  return { pid, start: Number(fields[19]), parent: Number(fields[1]), instance, run: Number(run), command, shim };
}

/** Empty for a process that has gone, is a zombie, or belongs to another user. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}

/** One line for people. */
export function describeProcess({ pid, instance, run, command }: RunProcess): string {
  return `pid ${pid}, ${instance} run ${run}: ${command.join(" ").slice(0, 200)}`;
}
