import { closeSync, fdatasyncSync, openSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { DamsonError, errorText } from "@damson/plugin-sdk";

const NO_SPACE = ["ENOSPC", "EDQUOT"];

/** Whether `error` is a system error with one of these codes. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

/** Writes a small file so that it is there in full or as it was before. */
export function writeWhole(path: string, text: string): void {
  const next = `${path}.next`;
  writeFileSync(next, text, { mode: 0o600 });
  renameSync(next, path);
}

/** Appends to a file, which is made when it is not there. `durable`: on disk when it returns. */
export function append(path: string, text: string, { durable = false } = {}): void {
  const file = openSync(path, "a", 0o600);
  try {
    writeSync(file, text);
    if (durable) fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The error of a write that found no room, in plain words; any other error as it is. */
export function diskError(error: unknown, directory: string): unknown {
  if (!hasCode(error, ...NO_SPACE)) return error;
  return new DamsonError("NO_SPACE", `there is no space left on the disk of ${directory}: ${errorText(error)}`, {
    status: 507,
    retryable: true,
    remedy: "Free some space.",
    cause: error,
  });
}
