import { randomUUID } from "node:crypto";
import { readdir, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { DurableDirectory } from "@damson/core/state";
import { hasCode } from "@damson/plugin-sdk";

const URL_PREFIX = "/artifacts/";
const UPLOAD_PREFIX = ".upload-";
const SUFFIX = ".zip";

/** Path on the controller of the file with this name. */
export function urlOf(file: string): string {
  return URL_PREFIX + file;
}

/** Name of the file of an artifact's URL. */
export function fileOf(url: string): string {
  return url.slice(URL_PREFIX.length);
}

/** The directory of archives: those that have their name, and uploads under way. */
export class ArtifactFiles {
  readonly #directory: DurableDirectory;

  private constructor(directory: DurableDirectory) {
    this.#directory = directory;
  }

  /** @throws DamsonError `STATE_WRITE_FAILED` when it cannot be made or opened. */
  static async open(path: string): Promise<ArtifactFiles> {
    return new ArtifactFiles(await DurableDirectory.open(path));
  }

  get path(): string {
    return this.#directory.path;
  }

  /** Where an upload may be written until it gets its name. Nothing is there yet. */
  newUpload(): string {
    return join(this.path, UPLOAD_PREFIX + randomUUID());
  }

  /** Gives an upload, whose content is durable, its name for good. */
  async place(upload: string, file: string): Promise<void> {
    await rename(upload, join(this.path, file));
    await this.#directory.sync();
  }

  async remove(file: string): Promise<void> {
    await this.#directory.remove(file);
  }

  /** Size in bytes; `undefined` when it is not there. */
  async size(file: string): Promise<number | undefined> {
    try {
      return (await stat(join(this.path, file))).size;
    } catch (error) {
      if (hasCode(error, "ENOENT")) return undefined;
      throw error;
    }
  }

  /** Removes what a crash left: uploads that were under way, and archives that are not `known`. @returns their names */
  async sweep(known: ReadonlySet<string>): Promise<string[]> {
    const names = await readdir(this.path);
    const left = names.filter((name) => name.startsWith(UPLOAD_PREFIX) || (name.endsWith(SUFFIX) && !known.has(name)));
    for (const name of left) await unlink(join(this.path, name));
    if (left.length > 0) await this.#directory.sync();
    return left;
  }

  async close(): Promise<void> {
    await this.#directory.close();
  }
}
