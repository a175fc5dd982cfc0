import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isDamsonError } from "@damson/plugin-sdk";
import type { Artifact } from "../api/schema/artifacts.ts";
import type { Change } from "../changes/change.ts";
import type { ArtifactRecord } from "../model/artifact.ts";
import type { Stored } from "../objects/collection.ts";
import type { ControllerParts } from "../parts.ts";
import { ArtifactFiles, fileOf, urlOf } from "./artifact-files.ts";
import { ArtifactUses } from "./artifact-uses.ts";
import { compareFiles } from "./compare-files.ts";
import { describeArchive } from "./describe-archive.ts";
import { artifactExists, artifactInUse, artifactNotFound, uploadsBusy } from "./errors.ts";
import { type Received, receive } from "./receive.ts";

/** More would only make each of them slower. */
const UPLOADS_AT_ONCE = 16;

/** A change of one artifact's record. */
export interface RecordChange<T> {
  readonly artifactId: string;
  readonly work: (change: Change) => T;
}

/** Commits a change of a record; resolves with what its work returned, and the revision. */
export type CommitRecord<T> = (change: RecordChange<T>) => Promise<{ readonly answer: T; readonly revision: number }>;

/**
 * Uploaded archives: a record of each in the store, and its content in a file. A file is there before its record, and goes
 * after it; what a crash leaves in between is swept at the next start.
 */
export class Artifacts {
  /** Where the files are. */
  readonly directory: string;
  readonly #parts: ControllerParts;
  readonly #uses: ArtifactUses;
  #files: ArtifactFiles | undefined;
  #uploads = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: ControllerParts) {
    this.#parts = parts;
    this.directory = join(parts.dataDir, "artifacts");
    this.#uses = new ArtifactUses(parts.objects);
  }

  /** Brings files and records together. @throws DamsonError `STATE_WRITE_FAILED` */
  async start(): Promise<void> {
    const files = await ArtifactFiles.open(this.directory);
    await compareFiles(files, this.#parts);
    this.#files = files;
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#turn;
    await this.#files?.close();
  }

  /** All of them, by name, newest first. */
  list(): Artifact[] {
    return [...this.#parts.objects.artifacts.all()]
      .sort(({ value: a }, { value: b }) => (a.name === b.name ? b.createdAt - a.createdAt : a.name < b.name ? -1 : 1))
      .map((artifact) => this.#view(artifact.value, artifact.revision));
  }

  /** The artifact whose file has this name. */
  byFile(file: string): Stored<ArtifactRecord> | undefined {
    return this.#parts.objects.artifacts.get(idOf(file));
  }

  /**
   * Takes an upload to disk. Whoever calls it goes on with {@link add} or {@link discard}.
   *
   * @throws DamsonError `UPLOADS_BUSY` (503), `UPLOAD_TOO_LARGE` (413), `NO_SPACE` (507), and what the stream throws.
   */
  async receive(stream: AsyncIterable<Buffer>): Promise<Received> {
    if (this.#uploads >= UPLOADS_AT_ONCE) throw uploadsBusy("Too many uploads are under way");
    this.#uploads += 1;
    try {
      return await receive(stream, this.#opened().newUpload(), this.#parts.settings.maxUploadBytes);
    } finally {
      this.#uploads -= 1;
    }
  }

  /** Forgets an upload. */
  async discard({ path }: Received): Promise<void> {
    await rm(path, { force: true });
  }

  /**
   * Makes an artifact of an upload; the same content with the same name and version is the same artifact.
   *
   * @throws DamsonError what {@link describeArchive} throws, `ARTIFACT_EXISTS` (409) when another content has its URL.
   *   Nothing is left of the upload then.
   */
  async add(received: Received, commit: CommitRecord<ArtifactRecord>): Promise<Artifact> {
    try {
      const { sha256, sizeBytes } = received;
      const described = await describeArchive(received);
      const file = `${described.name}_${described.version}_${sha256.slice(0, 8)}.zip`;
      const createdAt = Math.floor(this.#parts.now().getTime() / 1_000);
      const artifactId = idOf(file);
      const url = urlOf(file);
      const record = { artifactId, ...described, url, sha256, sizeBytes, createdAt, type: "zip" as const };
      return await this.#inTurn(() => this.#keep(record, received.path, commit));
    } finally {
      await this.discard(received);
    }
  }

  /** Deletes an artifact. @throws DamsonError `ARTIFACT_NOT_FOUND` (404), `ARTIFACT_IN_USE` (409). */
  async remove(artifactId: string, commit: CommitRecord<string>): Promise<void> {
    await this.#inTurn(async () => {
      const { answer } = await commit({
        artifactId,
        work: (change) => {
          const record = change.get("artifacts", artifactId)?.value;
          if (!record) throw artifactNotFound(artifactId);
          const { url } = record;
          const users = this.#uses.of(url);
          if (users.length > 0) throw artifactInUse(url, users);
          change.delete("artifacts", artifactId);
          change.publish({ type: "artifact.deleted", message: `${url} was deleted`, artifactId });
          return url;
        },
      });
      await this.#removeWithoutRecord(fileOf(answer));
    });
  }

  async #keep(record: ArtifactRecord, upload: string, commit: CommitRecord<ArtifactRecord>): Promise<Artifact> {
    const { artifactId, url, sha256 } = record;
    const files = this.#opened();
    const file = fileOf(url);
    const known = this.#parts.objects.artifacts.get(artifactId)?.value;
    if (known && known.sha256 !== sha256) throw artifactExists(url);
    // Also when there is a record: its file may have been lost.
    await files.place(upload, file);
    try {
      const { answer, revision } = await commit({
        artifactId,
        work: (change) => {
          const before = change.get("artifacts", artifactId)?.value;
          if (before) return before;
          change.put("artifacts", artifactId, record);
          change.publish({ type: "artifact.uploaded", message: `${url} was uploaded`, artifactId });
          return record;
        },
      });
      await this.#removeWithoutRecord(file);
      return this.#view(answer, this.#parts.objects.artifacts.get(artifactId)?.revision ?? revision);
    } catch (error) {
      // Of what failed in another way it is not known whether the record is there; the next start will tell.
      if (isDamsonError(error) && (error.status < 500 || error.status === 507)) await this.#removeWithoutRecord(file);
      throw error;
    }
  }

  /** A request that was repeated, or refused, has made none. */
  async #removeWithoutRecord(file: string): Promise<void> {
    if (!this.byFile(file)) await this.#opened().remove(file);
  }

  #opened(): ArtifactFiles {
    if (!this.#files) throw uploadsBusy("The controller is starting");
    return this.#files;
  }

  #view(record: ArtifactRecord, resourceVersion: number): Artifact {
    return { ...record, services: [...record.services], usedBy: this.#uses.of(record.url), resourceVersion };
  }

  /** One change at a time, so that nobody removes a file that another has just placed. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

/** Of 32 hexadecimal digits; the same for the same file. */
function idOf(file: string): string {
  return createHash("sha256").update(file).digest("hex").slice(0, 32);
}
