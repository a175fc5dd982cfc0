import {
  type DamagedDocument,
  DOCUMENT_SUFFIX,
  DocumentFile,
  DurableDirectory,
  documentFiles,
  loadDocuments,
} from "@damson/core/state";
import type { Issue, StoreEntry } from "@damson/plugin-sdk";
import { Low } from "lowdb";
import { objectName } from "./object-name.ts";

const SCHEMA = 1;
// Few: each is an fsync, and the commits that come meanwhile must not wait long behind them.
const WRITES_AT_ONCE = 4;

/** The documents of the objects: one file each, of which a change of one leaves all others as they are. */
export class ObjectDocuments {
  readonly #directory: DurableDirectory;

  private constructor(directory: DurableDirectory) {
    this.#directory = directory;
  }

  static async open(path: string): Promise<ObjectDocuments> {
    return new ObjectDocuments(await DurableDirectory.open(path));
  }

  /** Every object by its key. Documents that cannot be used are set aside. */
  async load(): Promise<{ entries: Map<string, StoreEntry>; damaged: readonly DamagedDocument[] }> {
    const rules = { schemaVersion: SCHEMA, validate: faults };
    const names = await documentFiles(this.#directory);
    const { documents, damaged } = await loadDocuments<StoreEntry>(this.#directory, names, rules);
    return { entries: new Map(documents.map(({ value }) => [value.key, value])), damaged };
  }

  /**
   * Brings the documents of `keys` to what `get` finds; an object that is gone leaves nothing.
   *
   * @throws what `signal` was aborted with, when that came before the end
   */
  async save(
    keys: readonly string[],
    get: (key: string) => StoreEntry | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    for (let start = 0; start < keys.length; start += WRITES_AT_ONCE) {
      signal.throwIfAborted();
      await Promise.all(keys.slice(start, start + WRITES_AT_ONCE).map((key) => this.#saveOne(key, get(key))));
    }
  }

  async close(): Promise<void> {
    await this.#directory.close();
  }

  async #saveOne(key: string, entry: StoreEntry | undefined): Promise<void> {
    const name = objectName(key);
    if (!entry) return this.#directory.remove(name + DOCUMENT_SUFFIX);
    await new Low(new DocumentFile<StoreEntry>(this.#directory, name), { schema: SCHEMA, data: entry }).write();
  }
}

function faults(data: unknown, name: string): Issue[] {
  const { key, value, createRevision, modRevision, lease } = Object(data);
  const issues: Issue[] = [];
  if (typeof key !== "string" || objectName(key) !== name)
    issues.push({ path: "key", message: "is not that of the file" });
  if (value === undefined) issues.push({ path: "value", message: "is not there" });
  if (!Number.isSafeInteger(createRevision)) issues.push({ path: "createRevision", message: "is no revision" });
  if (!Number.isSafeInteger(modRevision)) issues.push({ path: "modRevision", message: "is no revision" });
  if (lease !== undefined && typeof lease !== "string") issues.push({ path: "lease", message: "is no id of a lease" });
  return issues;
}
