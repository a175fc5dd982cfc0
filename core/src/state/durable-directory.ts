import { type FileHandle, mkdir, open, rename, unlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import pLimit, { type LimitFunction } from "p-limit";
import { systemCode, writeFailed } from "./write-failed.ts";

// More would not be faster, since fsync is what takes the time, and each write holds a descriptor and a temporary file.
const WRITES_AT_ONCE = 16;

/** What the name of a file that is still being written ends in. */
export const TEMPORARY_SUFFIX = ".tmp";

/**
 * A directory whose files change atomically and durably: after {@link write} or {@link remove} has resolved, neither a
 * crash of the process nor of the machine takes the change back, and a reader sees the old file or the new, never a part.
 *
 * lowdb's own adapter is not used for this: it does not fsync, so that a power cut could leave an empty file.
 */
export class DurableDirectory {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #slots: LimitFunction = pLimit(WRITES_AT_ONCE);
  #syncing: Promise<void> = Promise.resolve();
  #nextSync: Promise<void> | undefined;
  readonly #operations = new Set<Promise<void>>();
  #closed = false;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /**
   * Opens `path`; makes it (mode 0700) where it is missing.
   *
   * @throws DamsonError `STATE_WRITE_FAILED` when it cannot be made or opened.
   */
  static async open(path: string): Promise<DurableDirectory> {
    const absolute = resolve(path);
    try {
      await makeDirectory(absolute);
      return new DurableDirectory(absolute, await open(absolute, "r"));
    } catch (error) {
      throw writeFailed(absolute, error);
    }
  }

  /**
   * Replaces `fileName` (mode 0600). Writes of one file must not overlap.
   *
   * @throws DamsonError `STATE_WRITE_FAILED`. The old file is then still in place, unless the very last step failed, the
   *   fsync of the directory: only then may the refused content be found after a restart.
   */
  write(fileName: string, text: string): Promise<void> {
    const file = join(this.path, fileName);
    const temporary = file + TEMPORARY_SUFFIX;
    return this.#run(file, async () => {
      try {
        await this.#slots(async () => {
          await writeSynced(temporary, text);
          await rename(temporary, file);
        });
        await this.sync();
      } catch (error) {
        await unlink(temporary).catch(() => undefined);
        throw error;
      }
    });
  }

  /**
   * Deletes `fileName`; a file that is not there is a success.
   *
   * @throws DamsonError `STATE_WRITE_FAILED`.
   */
  remove(fileName: string): Promise<void> {
    const file = join(this.path, fileName);
    return this.#run(file, async () => {
      await unlink(file).catch((error: unknown) => {
        if (systemCode(error) !== "ENOENT") throw error;
      });
      await this.sync();
    });
  }

  /** Makes the renames and unlinks that have finished durable. Calls that wait at the same time share one fsync. */
  sync(): Promise<void> {
    // A sync that is already running may have begun before the caller's rename, so only one that is yet to begin serves it.
    this.#nextSync ??= this.#syncing
      .catch(() => undefined)
      .then(() => {
        this.#nextSync = undefined;
        this.#syncing = this.#handle.sync();
        return this.#syncing;
      });
    return this.#nextSync;
  }

  /** Waits for what is under way and lets go of the directory. Writes and removals afterwards are refused. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#operations);
    await this.#handle.close();
  }

  async #run(file: string, operation: () => Promise<void>): Promise<void> {
    if (this.#closed) throw writeFailed(file, new Error("its directory has been closed"));
    const running = operation();
    this.#operations.add(running);
    try {
      await running;
    } catch (error) {
      throw writeFailed(file, error);
    } finally {
      this.#operations.delete(running);
    }
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, "w", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  // A new directory survives a power cut only once the one that holds it is synced.
  for (let made = path; made.length >= first.length; made = dirname(made)) {
    const parent = await open(dirname(made), "r");
    try {
      await parent.sync();
    } finally {
      await parent.close();
    }
  }
}
