import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { errorText } from "@damson/plugin-sdk";

// Not execa: every agent tries this when it starts, and execa takes longer to load than all else here.
const run = promisify(execFile);
const TIMEOUT_MS = 30_000;
const PROBE_BYTES = 1_048_576;

/** Blocks of file systems divide this. */
export const BLOCK = 4_096;

/**
 * Gives the disk space of the first `length` bytes of a file back. The bytes read as zeros from now on; all others keep
 * their offsets, and who appends to the file does not notice (fallocate(2), FALLOC_FL_PUNCH_HOLE).
 */
export async function punchHead(path: string, length: number): Promise<void> {
  await run("fallocate", ["--punch-hole", "--offset", "0", "--length", String(length), path], {
    timeout: TIMEOUT_MS,
  });
}

/** Why {@link punchHead} does not work in this directory; `undefined` when it does. Finds out by trying it. */
export async function punchFault(directory: string): Promise<string | undefined> {
  const path = join(directory, `.probe-${randomUUID()}`);
  try {
    await writeFile(path, Buffer.alloc(PROBE_BYTES, 1), { flush: true });
    const before = (await stat(path)).blocks;
    await punchHead(path, PROBE_BYTES - BLOCK);
    return (await stat(path)).blocks < before ? undefined : "the file system gives no space back";
  } catch (error) {
    return errorText(error).split("\n")[0];
  } finally {
    await rm(path, { force: true });
  }
}
