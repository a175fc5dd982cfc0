import { closeSync, fdatasyncSync, openSync, renameSync, writeFileSync, writeSync } from "node:fs";

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
