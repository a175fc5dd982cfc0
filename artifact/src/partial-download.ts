import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/** File with what has come so far. */
export const ARCHIVE = "archive";

/** File that says where it comes from; not in a directory whose archive is whole. */
const ORIGIN = "origin.json";

interface Origin {
  /** SHA-256 of the URL, which may hold secrets. */
  readonly url: string;
  /** ETag or Last-Modified of what has come. */
  readonly validator: string;
}

/** What has come of a download, in a directory of its own. It outlives the try, and the process. */
export class PartialDownload {
  readonly #directory: string;
  readonly #url: string;
  readonly #file: FileHandle;
  #hash: Hash;
  #size: number;
  #validator: string | undefined;
  #pieces: number;

  private constructor(directory: string, url: string, file: FileHandle, earlier: Earlier) {
    this.#directory = directory;
    this.#url = url;
    this.#file = file;
    this.#hash = earlier.hash;
    this.#size = earlier.size;
    this.#validator = earlier.validator;
    this.#pieces = earlier.size > 0 ? 1 : 0;
  }

  /** Opens what an earlier process left, where that came from the same URL. */
  static async open(directory: string, url: string, signal: AbortSignal): Promise<PartialDownload> {
    const hashed = createHash("sha256").update(url).digest("hex");
    const earlier = await readEarlier(directory, hashed, signal);
    // What is written goes to the end, wherever that is after the file was emptied.
    const file = await open(join(directory, ARCHIVE), "a", 0o600);
    if (earlier.size === 0) await file.truncate(0);
    return new PartialDownload(directory, hashed, file, earlier);
  }

  /** Bytes that have come. */
  get size(): number {
    return this.#size;
  }

  /** Whether it is made of pieces of several answers. */
  get isPieced(): boolean {
    return this.#pieces > 1;
  }

  /** What an answer with the rest has to match; `undefined` when there is nothing to go on from. */
  get validator(): string | undefined {
    return this.#size > 0 ? this.#validator : undefined;
  }

  /** An answer with the rest begins. */
  goOn(): void {
    this.#pieces += 1;
  }

  /** An answer with the whole begins. */
  async beginAnew(validator: string | undefined): Promise<void> {
    await this.empty();
    this.#pieces = 1;
    this.#validator = validator;
    if (validator === undefined) return;
    const origin: Origin = { url: this.#url, validator };
    await writeFile(join(this.#directory, ORIGIN), JSON.stringify(origin), { mode: 0o600 });
  }

  async append(chunk: Uint8Array): Promise<void> {
    await this.#file.appendFile(chunk);
    this.#hash.update(chunk);
    this.#size += chunk.length;
  }

  /** Forgets what has come. */
  async empty(): Promise<void> {
    await rm(join(this.#directory, ORIGIN), { force: true });
    await this.#file.truncate(0);
    this.#hash = createHash("sha256");
    this.#size = 0;
    this.#pieces = 0;
    this.#validator = undefined;
  }

  /** SHA-256 of all that has come. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  /** It is whole: what is in the directory then is the archive alone, on disk. */
  async finish(): Promise<void> {
    await this.#file.sync();
    await rm(join(this.#directory, ORIGIN), { force: true });
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

interface Earlier {
  readonly hash: Hash;
  readonly size: number;
  readonly validator: string | undefined;
}

async function readEarlier(directory: string, url: string, signal: AbortSignal): Promise<Earlier> {
  const nothing: Earlier = { hash: createHash("sha256"), size: 0, validator: undefined };
  try {
    const origin: Partial<Origin> = JSON.parse(await readFile(join(directory, ORIGIN), "utf8"));
    if (origin.url !== url || typeof origin.validator !== "string") return nothing;
    const hash = createHash("sha256");
    let size = 0;
    await pipeline(
      createReadStream(join(directory, ARCHIVE)),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) {
          hash.update(chunk);
          size += chunk.length;
        }
      },
      { signal },
    );
    return { hash, size, validator: origin.validator };
  } catch {
    signal.throwIfAborted();
    return nothing;
  }
}
