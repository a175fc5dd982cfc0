import { readdirSync, readFileSync } from "node:fs";

/** Pids of all processes of this program that have a path below this directory in their command line. */
export function pidsNaming(directory: string, program: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .filter((pid) => {
      const [path = "", ...words] = command(pid);
      return path.includes(program) && words.some((word) => word.startsWith(`${directory}/`));
    })
    .map(Number);
}

function command(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0");
  } catch {
    // It has ended.
    return [];
  }
}
