import { readFileSync } from "node:fs";
import { runProgram } from "./run-program.ts";

/** Unmounts everything that is mounted in this directory, inner mounts first. */
export async function unmountAll(directory: string): Promise<void> {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[4] ?? "")
    .filter((path) => path.startsWith(`${directory}/`))
    .reverse();
  for (const mount of mounts) await runProgram("umount", [mount]);
}
