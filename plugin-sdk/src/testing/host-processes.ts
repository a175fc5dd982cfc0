import { readdir, readFile, readlink } from "node:fs/promises";
import type { UnitId } from "../runtime/handle.ts";

/** A process of this machine. */
export interface HostProcess {
  readonly pid: number;
  readonly commandLine: readonly string[];
}

const MARK = "CONFORMANCE_UNIT";

/**
 * The variable by which a unit's processes are known, whatever parent, session or group they have: the suite injects it
 * into every unit.
 */
export function conformanceMark({ owner, instanceId }: UnitId): Record<string, string> {
  return { [MARK]: `${owner}/${instanceId}` };
}

/**
 * All processes of this machine that the suite's mark shows to belong to the instance: a means for
 * `RuntimeHarness.alive` where units are processes of this machine. Runtime helpers that have the unit's environment are
 * among them. Only on Linux; sees only processes of the own user, or all for root.
 */
export async function hostProcessesOf(instance: UnitId): Promise<HostProcess[]> {
  const mark = Object.entries(conformanceMark(instance)).map(([name, value]) => `${name}=${value}`);
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await environmentOf(pid);
      if (!mark.every((entry) => environment.includes(entry))) return [];
      return [{ pid: Number(pid), commandLine: await words(pid, "cmdline") }];
    }),
  );
  return found.flat();
}

const EXEC_TRIES = 20;

/** A process that is just executing another program has no environment for a moment; kernel threads never have one. */
async function environmentOf(pid: string): Promise<string[]> {
  for (let attempt = 1; ; attempt += 1) {
    const environment = await words(pid, "environ");
    if (environment.length > 0 || attempt === EXEC_TRIES || !(await hasProgram(pid))) return environment;
  }
}

async function hasProgram(pid: string): Promise<boolean> {
  return readlink(`/proc/${pid}/exe`).then(
    () => true,
    () => false,
  );
}

async function words(pid: string, file: string): Promise<string[]> {
  try {
    return (await readFile(`/proc/${pid}/${file}`, "utf8")).split("\0").slice(0, -1);
  } catch {
    // It has ended meanwhile, or belongs to another user.
    return [];
  }
}
