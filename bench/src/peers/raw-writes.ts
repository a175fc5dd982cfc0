import { open, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Makes one text durable. */
export type RawWrite = (text: string, writer: number) => Promise<void>;

/** Appends to one file, with `fdatasync` after each text: what a journal costs at least. One writer only. */
export async function rawAppend(file: string): Promise<{ write: RawWrite; close(): Promise<void> }> {
  const handle = await open(file, "a");
  const write = async (text: string) => {
    await handle.appendFile(text);
    await handle.datasync();
  };
  return { write, close: () => handle.close() };
}

/** Replaces a file of the writer's own, with `fsync` before the rename: one durable file a write. */
export function rawFiles(directory: string): RawWrite {
  return async (text, writer) => {
    const file = join(directory, `${writer}.json`);
    await writeFile(`${file}.tmp`, text, { flush: true });
    await rename(`${file}.tmp`, file);
  };
}
