import { lchown, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  DamsonError,
  durationMs,
  type Instance,
  type Logger,
  memoryBytes,
  type ReportProgress,
} from "@damson/plugin-sdk";
import type { ProcessConfig } from "../config.ts";
import { hasCode, writeWhole } from "../disk.ts";
import type { Layout } from "../layout.ts";
import type { ArtifactPackage } from "../spec/package-schema.ts";
import type { RunAs } from "../spec/user.ts";
import type { ArchiveBounds } from "./archive-writer.ts";
import { ArtifactCache } from "./cache.ts";
import { type ArtifactMeta, parseMeta } from "./meta-ini.ts";
import { unpack } from "./unpack.ts";

/** File in a run's directory that names the artifact that was prepared for it. */
const CHOSEN = "artifact";
const META = "meta.ini";
const APP = /^app-([0-9a-f]{64})(-[0-9]+)?$/;
const LARGEST_META = 65_536;

/** Brings artifacts, and gives each instance a copy of its own: apps may write next to their code. */
export class Artifacts {
  readonly #layout: Layout;
  readonly #log: Logger;
  readonly #bounds: ArchiveBounds;
  readonly #cache: ArtifactCache;

  constructor(layout: Layout, log: Logger, config: ProcessConfig["artifacts"] = {}) {
    const {
      max_entries = 10_000,
      max_unpacked = "2g",
      max_ratio = 200,
      max_download = "1g",
      download_timeout = "14m",
    } = config;
    this.#layout = layout;
    this.#log = log;
    this.#bounds = { maxEntries: max_entries, maxUnpacked: memoryBytes(max_unpacked), maxRatio: max_ratio };
    this.#cache = new ArtifactCache(layout.artifacts, {
      maxBytes: memoryBytes(max_download),
      timeoutMs: durationMs(download_timeout),
    });
  }

  /** Fetches, checks and unpacks the artifact of a run. What is there already is used as it is. */
  async prepare(
    instance: Instance,
    pkg: ArtifactPackage,
    user: RunAs,
    report: ReportProgress,
    signal: AbortSignal,
  ): Promise<void> {
    const { instanceId, run } = instance;
    const sha256 = await this.#cache.bring(pkg, report, signal);
    report({ step: "unpacking" });
    const name = `app-${sha256}${user.prefix.length > 0 ? `-${user.uid}` : ""}`;
    const directory = join(this.#layout.instance(instanceId), name);
    await unpack(this.#cache.archive(sha256), directory, { bounds: this.#bounds, signal, finish: giveTo(user) });
    const runDir = this.#layout.runDir(instanceId, run);
    await mkdir(runDir, { recursive: true, mode: 0o711 });
    writeWhole(join(runDir, CHOSEN), name);
    this.#compare(instance, await readArtifactMeta(directory));
  }

  /**
   * Where the artifact of a run was unpacked.
   *
   * @throws DamsonError `NOT_PREPARED` (409).
   */
  async directory(instanceId: string, run: number): Promise<string> {
    const name = await this.#chosen(instanceId, run);
    if (name !== undefined) return join(this.#layout.instance(instanceId), name);
    throw new DamsonError("NOT_PREPARED", `the artifact of ${instanceId} was not prepared`, {
      status: 409,
      retryable: true,
    });
  }

  /** Removes what the instance has unpacked for runs before this one, unless this one uses it too. */
  async removeOthers(instanceId: string, run: number): Promise<void> {
    const current = await this.#chosen(instanceId, run);
    for (const name of await this.#unpacked(instanceId)) {
      if (name !== current) await rm(join(this.#layout.instance(instanceId), name), { recursive: true, force: true });
    }
  }

  /** Removes archives that no instance uses and nobody has asked for in 24 hours. */
  async prune(): Promise<void> {
    const used = new Set<string>();
    for (const instanceId of await readdir(this.#layout.instances).catch(() => [])) {
      for (const name of await this.#unpacked(instanceId)) used.add(APP.exec(name)?.[1] ?? "");
    }
    await this.#cache.prune(used);
  }

  async #chosen(instanceId: string, run: number): Promise<string | undefined> {
    const path = join(this.#layout.runDir(instanceId, run), CHOSEN);
    const name = await readFile(path, "utf8").catch(() => "");
    return APP.test(name) ? name : undefined;
  }

  async #unpacked(instanceId: string): Promise<string[]> {
    const names = await readdir(this.#layout.instance(instanceId)).catch(() => []);
    return names.filter((name) => APP.test(name));
  }

  #compare({ app, version, instanceId }: Instance, meta: ArtifactMeta): void {
    const differs = (meta.name ?? app) !== app || (meta.version ?? version) !== version;
    if (!differs) return;
    this.#log.warn(
      { app, version, instance_id: instanceId, meta_name: meta.name, meta_version: meta.version },
      "the artifact's meta.ini names another app or version",
    );
  }
}

/** Reads the meta.ini of an unpacked artifact; empty when there is none, or one that is too large to be one. */
export async function readArtifactMeta(directory: string): Promise<ArtifactMeta> {
  const path = join(directory, META);
  try {
    const { size } = await stat(path);
    return parseMeta(size > LARGEST_META ? "" : await readFile(path, "utf8"));
  } catch (error) {
    if (hasCode(error, "ENOENT", "EISDIR", "ELOOP")) return { services: [] };
    throw error;
  }
}

/** Gives a directory that nobody else can reach yet to the app's user. */
function giveTo({ prefix, uid, gid }: RunAs): (directory: string) => Promise<void> {
  return async (directory) => {
    if (prefix.length === 0) return;
    await lchown(directory, uid, gid);
    for (const entry of await readdir(directory, { recursive: true })) await lchown(join(directory, entry), uid, gid);
  };
}
