import { createHash, randomUUID } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { access, copyFile, mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { isDamsonError, type ReportProgress } from "@damson/plugin-sdk";
import { artifactMissing } from "./check-source.ts";
import { type DownloadBounds, download, mismatch } from "./download.ts";
import { ARCHIVE } from "./partial-download.ts";
import type { ArtifactSource } from "./source.ts";

const UNUSED_MS = 24 * 60 * 60_000;

/** Archives by their SHA-256, shared by all instances and never changed. */
export class ArtifactCache {
  readonly #directory: string;
  readonly #bounds: DownloadBounds;
  readonly #fetching = new Map<string, Promise<void>>();

  constructor(directory: string, bounds: DownloadBounds) {
    this.#directory = directory;
    this.#bounds = bounds;
  }

  /** Where the archive with this SHA-256 is, or would be. */
  archive(sha256: string): string {
    return join(this.#directory, sha256, ARCHIVE);
  }

  /**
   * Brings an archive into the cache. Two who want the same one share the work.
   *
   * @returns its SHA-256
   * @throws DamsonError `ARTIFACT_MISSING`, and what {@link download} throws.
   */
  async bring(source: ArtifactSource, report: ReportProgress, signal: AbortSignal): Promise<string> {
    const { path, url } = source;
    const wanted = source.sha256?.toLowerCase();
    // A file may have changed since the last time, so only its own hash tells what it is now.
    const sha256 = path === undefined ? (wanted ?? "") : await hashFile(path, signal);
    if (path !== undefined && wanted !== undefined && wanted !== sha256) throw mismatch(path, wanted, sha256);
    while (!(await this.#touch(sha256))) {
      signal.throwIfAborted();
      const other = this.#fetching.get(sha256);
      if (other) {
        // Whether it failed shows when the archive is not there; then this one tries, by its own signal.
        await other.catch(() => undefined);
        continue;
      }
      const fetching = (
        path === undefined ? this.#download(url ?? "", sha256, report, signal) : this.#copy(path, sha256, signal)
      ).finally(() => this.#fetching.delete(sha256));
      this.#fetching.set(sha256, fetching);
      await fetching;
    }
    return sha256;
  }

  /** Removes what no instance uses and nobody has asked for in 24 hours, and what a crash left half done. */
  async prune(used: ReadonlySet<string>, now = Date.now()): Promise<void> {
    for (const name of await readdir(this.#directory).catch(() => [])) {
      const path = join(this.#directory, name);
      const touched = (await stat(path).catch(() => undefined))?.mtimeMs ?? now;
      if (!used.has(name) && now - touched > UNUSED_MS) await rm(path, { recursive: true, force: true });
    }
  }

  /** Whether it is there. Notes that it was asked for. */
  async #touch(sha256: string): Promise<boolean> {
    const now = new Date();
    try {
      await access(this.archive(sha256));
      await utimes(join(this.#directory, sha256), now, now);
      return true;
    } catch {
      return false;
    }
  }

  /** What has come of it stays for the next one who wants it, where that may help. */
  async #download(url: string, sha256: string, report: ReportProgress, signal: AbortSignal): Promise<void> {
    const part = join(this.#directory, `.part-${sha256}`);
    await mkdir(part, { recursive: true, mode: 0o700 });
    try {
      await download(url, sha256, part, this.#bounds, report, signal);
      await rename(part, join(this.#directory, sha256));
    } catch (error) {
      const mayGoOn = signal.aborted || (isDamsonError(error) && error.retryable);
      const { size = 0 } = (await stat(join(part, ARCHIVE)).catch(() => undefined)) ?? {};
      if (!mayGoOn || size === 0) await rm(part, { recursive: true, force: true });
      throw error;
    }
  }

  async #copy(from: string, sha256: string, signal: AbortSignal): Promise<void> {
    const part = join(this.#directory, `.part-${randomUUID()}`);
    await mkdir(part, { recursive: true, mode: 0o700 });
    try {
      await copyChecked(from, sha256, join(part, ARCHIVE), signal);
      await rename(part, join(this.#directory, sha256));
    } finally {
      await rm(part, { recursive: true, force: true });
    }
  }
}

async function copyChecked(from: string, sha256: string, to: string, signal: AbortSignal): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  const copied = await hashFile(to, signal);
  if (copied !== sha256) throw mismatch(from, sha256, copied);
  const file = await open(to, "r");
  await file.sync().finally(() => file.close());
}

/** The SHA-256 of a file, in lower-case hex. */
async function hashFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(path), hash, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw artifactMissing(path, error);
  }
  return hash.digest("hex");
}
