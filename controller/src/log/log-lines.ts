import type { FileHandle } from "node:fs/promises";

/** The record of a line; `undefined` for what is no whole line, since a crash may have cut it off. */
export function parseLine<T>(line: string): T | undefined {
  if (line === "") return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Whether a file of `size` bytes ends in the middle of a line. */
export async function endsTorn(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return false;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() !== "\n";
}
