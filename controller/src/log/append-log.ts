import { type FileHandle, mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { writeFailed } from "@damson/core/state";
import { hasCode } from "@damson/plugin-sdk";
import { endsTorn, parseLine } from "./log-lines.ts";

/** How {@link AppendLog.open} keeps a log. */
export interface AppendLogOptions {
  readonly directory: string;
  /** Files are `<name>.ndjson`, and `<name>.1.ndjson` … for what is older. */
  readonly name: string;
  /** Bytes after which a new file is begun. @default 8 MiB */
  readonly maxBytes?: number;
  /** How many files are kept. @default 5 */
  readonly files?: number;
}

/** Records that may wait for a slow disk. */
const MAX_WAITING = 100_000;

/** Lines that are read before others get a turn. */
const LINES_AT_ONCE = 1_000;

/**
 * Records, one JSON document a line, that are only ever added. What is oldest goes, a file at a time, so that the log never
 * takes more than its bound. Records that come at the same time share one write and one fdatasync.
 */
export class AppendLog<T> {
  readonly #options: Required<AppendLogOptions>;
  #handle: FileHandle;
  #size: number;
  /** Whether the last line may be the beginning of one, which must not spoil the next. */
  #torn: boolean;
  #waiting: string[] = [];
  #writing: Promise<void> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: Required<AppendLogOptions>, handle: FileHandle, size: number, torn: boolean) {
    this.#options = options;
    this.#handle = handle;
    this.#size = size;
    this.#torn = torn;
  }

  static async open<T>(options: AppendLogOptions): Promise<AppendLog<T>> {
    const full = { maxBytes: 8 * 1_048_576, files: 5, ...options };
    await mkdir(full.directory, { recursive: true, mode: 0o700 });
    const handle = await openFile(full);
    const { size } = await handle.stat();
    return new AppendLog<T>(full, handle, size, await endsTorn(handle, size));
  }

  /**
   * Resolves when the record is durable.
   *
   * @throws DamsonError `STATE_WRITE_FAILED` when it cannot be written, or too much waits for that already.
   */
  append(record: T): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING)
      return Promise.reject(this.#failed(new Error("too much waits to be written")));
    this.#waiting.push(JSON.stringify(record));
    this.#writing ??= this.#inTurn(() => this.#write());
    return this.#writing;
  }

  /** The newest records that `wanted` takes, newest first. */
  async newest(limit: number, wanted: (record: T) => boolean = () => true): Promise<T[]> {
    // All at once, so that no file changes its name in between.
    const handles = await this.#inTurn(() => this.#openAll());
    const found: T[] = [];
    try {
      for (const handle of handles) {
        if (found.length >= limit) break;
        const lines = (await handle.readFile("utf8")).split("\n");
        for (let at = lines.length - 1; at >= 0 && found.length < limit; at -= 1) {
          const record = parseLine<T>(lines[at] ?? "");
          if (record !== undefined && wanted(record)) found.push(record);
          if (at % LINES_AT_ONCE === 0) await nextTurn();
        }
      }
    } finally {
      for (const handle of handles) await handle.close();
    }
    return found;
  }

  /** Resolves when everything is written, or has failed. */
  async close(): Promise<void> {
    await this.#inTurn(() => this.#handle.close());
  }

  async #write(): Promise<void> {
    // Who comes from now on is written with the next ones.
    this.#writing = undefined;
    const lines = this.#waiting;
    this.#waiting = [];
    try {
      if (this.#size > this.#options.maxBytes) await this.#rotate();
      const text = `${this.#torn ? "\n" : ""}${lines.join("\n")}\n`;
      this.#torn = true;
      await this.#handle.appendFile(text);
      await this.#handle.datasync();
      this.#torn = false;
      this.#size += Buffer.byteLength(text);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** Whatever fails here, the file that is open goes on. */
  async #rotate(): Promise<void> {
    for (let number = this.#options.files - 2; number >= 0; number -= 1) {
      await rename(pathOf(this.#options, number), pathOf(this.#options, number + 1)).catch(ignoreMissing);
    }
    const full = this.#handle;
    this.#handle = await openFile(this.#options);
    this.#size = 0;
    this.#torn = false;
    await full.close();
  }

  /** Newest first. */
  async #openAll(): Promise<FileHandle[]> {
    const handles: FileHandle[] = [];
    for (let number = 0; number < this.#options.files; number += 1) {
      const handle = await open(pathOf(this.#options, number), "r").catch(ignoreMissing);
      if (handle) handles.push(handle);
    }
    return handles;
  }

  #failed(cause: unknown): Error {
    return writeFailed(pathOf(this.#options, 0), cause);
  }

  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

/** Opens the newest file; that it is there is durable. */
async function openFile(options: AppendLogOptions): Promise<FileHandle> {
  const handle = await open(pathOf(options, 0), "a+", 0o600);
  const directory = await open(options.directory, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
  return handle;
}

function pathOf({ directory, name }: AppendLogOptions, number: number): string {
  return join(directory, number === 0 ? `${name}.ndjson` : `${name}.${number}.ndjson`);
}

function ignoreMissing(error: unknown): undefined {
  if (!hasCode(error, "ENOENT")) throw error;
}
