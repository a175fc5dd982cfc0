import { chownSync, closeSync, fstatSync, mkdirSync, openSync, readSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { RunAs } from "../spec/user.ts";

const NEWLINE = 10;

/** Makes a directory that nobody but the app's user enters, unless it is there. */
export function makeDirectoryFor(path: string, user: RunAs): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (user.prefix.length > 0) chownSync(path, user.uid, user.gid);
}

/** Writes the lines of a script to a file of the run that its user can read. Returns its path. */
export function writeScript(runDir: string, lines: readonly string[], user: RunAs): string {
  // The directory stays the agent's own, so that nobody else can put anything into it.
  mkdirSync(runDir, { recursive: true, mode: 0o711 });
  const path = join(runDir, "script");
  writeFileSync(path, `${lines.join("\n")}\n`, { mode: 0o600 });
  if (user.prefix.length > 0) chownSync(path, user.uid, user.gid);
  return path;
}

/**
 * Makes a log file ready for a run: a last line that an earlier run left open gets its line break, and an app of another
 * user can open `/dev/stdout` again.
 */
export function readyLog(path: string, user: RunAs): void {
  const file = openSync(path, "a+", 0o600);
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    if (size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE) writeSync(file, "\n");
    if (user.prefix.length > 0) chownSync(path, user.uid, user.gid);
  } finally {
    closeSync(file);
  }
}
