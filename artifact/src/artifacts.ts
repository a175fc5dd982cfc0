import { lchown, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DamsonError, hasCode, type Instance, type Logger, type ReportProgress } from "@damson/plugin-sdk";
import type { ArchiveBounds } from "./archive-writer.ts";
import { ArtifactCache } from "./cache.ts";
import { type ArtifactsConfig, boundsOf } from "./config.ts";
import { diskError } from "./disk-error.ts";
import { type ArtifactMeta, readArtifactMeta } from "./meta-ini.ts";
import type { ArtifactSource } from "./source.ts";
import { unpack } from "./unpack.ts";

/** File in a run's directory that names the copy that was prepared for it. */
const CHOSEN = "artifact";
const COPY = /^app-([0-9a-f]{64})(-[0-9]+)?$/;
const RUN = /^run-[0-9]+$/;

/** What {@link Artifacts} need. Directories are absolute, and made when they are not there. */
export interface ArtifactsOptions {
  /** Directory of the cache. */
  readonly cache: string;
  /** Directory with a directory for each instance, named by its id. */
  readonly instances: string;
  readonly log: Logger;
  /** As in the plugin's config. @default the default of each bound */
  readonly config?: ArtifactsConfig | undefined;
}

/** How to prepare an artifact. */
export interface PrepareOptions {
  /** Whose the unpacked files become; the agent must be root to give them away. @default the agent's own */
  readonly giveTo?: { readonly uid: number; readonly gid: number } | undefined;
}

/**
 * Brings artifacts, and gives each instance a copy of its own: apps may write next to their code. One of them at a time
 * may use the same directories, in which it keeps:
 *
 * ```
 * <cache>/<sha256>/archive                    archives, shared by all instances
 * <instances>/<instance>/
 *   app-<sha256>[-<uid>]/                     a copy, and to whom it was given
 *   run-<n>/artifact                          name of the copy that was prepared for a run
 * ```
 */
export class Artifacts {
  readonly #instances: string;
  readonly #log: Logger;
  readonly #bounds: ArchiveBounds;
  readonly #cache: ArtifactCache;

  constructor({ cache, instances, log, config = {} }: ArtifactsOptions) {
    const { archive, download } = boundsOf(config);
    this.#instances = instances;
    this.#log = log;
    this.#bounds = archive;
    this.#cache = new ArtifactCache(cache, download);
  }

  /**
   * Fetches, checks and unpacks the artifact of a run. What is there already is used as it is.
   *
   * @throws DamsonError of status 422: `ARTIFACT_MISSING`, `ARTIFACT_MISMATCH`, `DOWNLOAD_TOO_BIG`, `ARCHIVE_UNKNOWN`,
   *   `ARCHIVE_DAMAGED`, `ARCHIVE_UNSAFE`, `ARCHIVE_TOO_BIG`; `DOWNLOAD_FAILED` (502, perhaps retryable); `NO_SPACE`
   *   (507, retryable). The signal's reason when it aborts.
   */
  async prepare(
    instance: Instance,
    source: ArtifactSource,
    { giveTo }: PrepareOptions,
    report: ReportProgress,
    signal: AbortSignal,
  ): Promise<void> {
    const { instanceId, run } = instance;
    try {
      const sha256 = await this.#cache.bring(source, report, signal);
      report({ step: "unpacking" });
      const name = `app-${sha256}${giveTo ? `-${giveTo.uid}` : ""}`;
      const directory = join(this.#instance(instanceId), name);
      await mkdir(this.#instance(instanceId), { recursive: true, mode: 0o700 });
      const finish = giveTo && ((unpacked: string) => giveAll(unpacked, giveTo));
      await unpack(this.#cache.archive(sha256), directory, { bounds: this.#bounds, signal, finish });
      await this.#choose(instanceId, run, name);
      this.#compare(instance, await readArtifactMeta(directory));
    } catch (error) {
      throw diskError(error, this.#instances);
    }
  }

  /**
   * Where the artifact of a run was unpacked.
   *
   * @throws DamsonError `NOT_PREPARED` (409, retryable).
   */
  async directory(instanceId: string, run: number): Promise<string> {
    const name = await this.#chosen(instanceId, run);
    if (name !== undefined) return join(this.#instance(instanceId), name);
    throw new DamsonError("NOT_PREPARED", `the artifact of ${instanceId} was not prepared`, {
      status: 409,
      retryable: true,
    });
  }

  /** Removes what was prepared for other runs of the instance, unless this one uses it too. */
  async removeOthers(instanceId: string, run: number): Promise<void> {
    const current = await this.#chosen(instanceId, run);
    for (const name of await list(this.#instance(instanceId))) {
      const path = join(this.#instance(instanceId), name);
      if (COPY.test(name) && name !== current) await rm(path, { recursive: true, force: true });
      if (RUN.test(name) && name !== runName(run)) await removeChoice(path);
    }
  }

  /** Removes the instance's directory, with all that is in it. */
  async remove(instanceId: string): Promise<void> {
    await rm(this.#instance(instanceId), { recursive: true, force: true });
  }

  /** Removes archives that no instance uses and nobody has asked for in 24 hours. */
  async prune(): Promise<void> {
    const used = new Set<string>();
    for (const instanceId of await list(this.#instances)) {
      for (const name of await list(this.#instance(instanceId))) used.add(COPY.exec(name)?.[1] ?? "");
    }
    await this.#cache.prune(used);
  }

  #instance(instanceId: string): string {
    return join(this.#instances, instanceId);
  }

  async #choose(instanceId: string, run: number, name: string): Promise<void> {
    const directory = join(this.#instance(instanceId), runName(run));
    await mkdir(directory, { recursive: true, mode: 0o711 });
    const path = join(directory, CHOSEN);
    await writeFile(`${path}.next`, name, { mode: 0o600 });
    await rename(`${path}.next`, path);
  }

  async #chosen(instanceId: string, run: number): Promise<string | undefined> {
    const name = await readFile(join(this.#instance(instanceId), runName(run), CHOSEN), "utf8").catch(() => "");
    return COPY.test(name) ? name : undefined;
  }

  #compare({ environment, version, instanceId, ...instance }: Instance, meta: ArtifactMeta): void {
    // An agent may know the app by another name than the one that it gives the app.
    const app = environment.DAMSON_APP ?? instance.app;
    const differs = (meta.name ?? app) !== app || (meta.version ?? version) !== version;
    if (!differs) return;
    this.#log.warn(
      { app, version, instance_id: instanceId, meta_name: meta.name, meta_version: meta.version },
      "the artifact's meta.ini names another app or version",
    );
  }
}

function runName(run: number): string {
  return `run-${run}`;
}

function list(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}

/** Removes the choice of a run, and its directory unless somebody else keeps things there. */
async function removeChoice(runDirectory: string): Promise<void> {
  await rm(join(runDirectory, CHOSEN), { force: true });
  await rmdir(runDirectory).catch((error: unknown) => {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST", "ENOENT")) throw error;
  });
}

/** Gives a directory that nobody else can reach yet to a user. */
async function giveAll(directory: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  await lchown(directory, uid, gid);
  for (const entry of await readdir(directory, { recursive: true })) await lchown(join(directory, entry), uid, gid);
}
