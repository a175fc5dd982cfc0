import { type FileHandle, mkdir, open, readFile, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";

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

/**
 * Records, one JSON document a line, that are only ever added. What is oldest goes, a file at a time, so that the log never
 * takes more than its bound. Records that come at the same time share one write and one fdatasync.
 */
export class AppendLog<T> {
  readonly #options: Required<AppendLogOptions>;
  #handle: FileHandle;
  #size: number;
  #waiting: string[] = [];
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  private constructor(options: Required<AppendLogOptions>, handle: FileHandle, size: number) {
    this.#options = options;
    this.#handle = handle;
    this.#size = size;
  }

  static async open<T>(options: AppendLogOptions): Promise<AppendLog<T>> {
    const full = { maxBytes: 8 * 1_048_576, files: 5, ...options };
    await mkdir(full.directory, { recursive: true, mode: 0o700 });
    const handle = await open(pathOf(full, 0), "a", 0o600);
    const { size } = await handle.stat();
    const log = new AppendLog<T>(full, handle, size);
    // What a crash left of a last line must not spoil the next one.
    if (size > 0 && !(await readFile(pathOf(full, 0), "utf8")).endsWith("\n")) log.#waiting.push("");
    return log;
  }

  /** Resolves when the record is durable. */
  append(record: T): Promise<void> {
    this.#waiting.push(JSON.stringify(record));
    this.#next ??= (this.#writing ?? Promise.resolve()).catch(() => undefined).then(() => this.#write());
    return this.#next;
  }

  /** The newest records that `wanted` takes, newest first. */
  async newest(limit: number, wanted: (record: T) => boolean = () => true): Promise<T[]> {
    await (this.#next ?? this.#writing)?.catch(() => undefined);
    const found: T[] = [];
    for (let number = 0; number < this.#options.files && found.length < limit; number += 1) {
      const text = await readFile(pathOf(this.#options, number), "utf8").catch(() => "");
      for (const line of text.split("\n").reverse()) {
        const record = parse<T>(line);
        if (record === undefined || !wanted(record)) continue;
        found.push(record);
        if (found.length === limit) break;
      }
    }
    return found;
  }

  async close(): Promise<void> {
    await (this.#next ?? this.#writing)?.catch(() => undefined);
    await this.#handle.close();
  }

  async #write(): Promise<void> {
    this.#writing = this.#next;
    this.#next = undefined;
    const lines = this.#waiting;
    this.#waiting = [];
    try {
      if (this.#size > this.#options.maxBytes) await this.#rotate();
      const text = `${lines.join("\n")}\n`;
      await this.#handle.appendFile(text);
      await this.#handle.datasync();
      this.#size += Buffer.byteLength(text);
    } finally {
      this.#writing = undefined;
    }
  }

  async #rotate(): Promise<void> {
    const { files } = this.#options;
    await this.#handle.close();
    await unlink(pathOf(this.#options, files - 1)).catch(() => undefined);
    for (let number = files - 2; number >= 0; number -= 1) {
      const path = pathOf(this.#options, number);
      if (await stat(path).catch(() => undefined)) await rename(path, pathOf(this.#options, number + 1));
    }
    this.#handle = await open(pathOf(this.#options, 0), "a", 0o600);
    this.#size = 0;
  }
}

function pathOf({ directory, name }: AppendLogOptions, number: number): string {
  return join(directory, number === 0 ? `${name}.ndjson` : `${name}.${number}.ndjson`);
}

/** `undefined` for what is no whole line: a crash may have cut it off. */
function parse<T>(line: string): T | undefined {
  if (line === "") return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
