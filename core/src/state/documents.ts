import { DamsonError } from "@damson/plugin-sdk";
import { type Document, StoredDocument } from "./document.ts";
import { DocumentFile } from "./document-file.ts";
import { checkDocumentName } from "./document-name.ts";
import { DurableDirectory } from "./durable-directory.ts";
import { type DocumentRules, documentFiles, loadDocuments } from "./load.ts";
import type { DamagedDocument } from "./set-aside.ts";

/** How {@link openDocuments} opens a directory. */
export interface OpenDocumentsOptions extends DocumentRules {
  /** Made with mode 0700 where it is missing. Each document is the file `<name>.json` in it, mode 0600. */
  readonly directory: string;
}

/** What {@link openDocuments} returns. */
export interface OpenedDocuments<T> {
  readonly documents: Documents<T>;
  /** The documents that were set aside, for the log and for whoever must know that something is missing. */
  readonly damaged: readonly DamagedDocument[];
}

/**
 * A directory of durable JSON documents, one file each, so that the cost of a write does not grow with their number.
 * One process at a time may have it open: take `lockDirectory` first.
 */
export class Documents<T> {
  readonly #directory: DurableDirectory;
  readonly #schema: number;
  readonly #documents: Map<string, StoredDocument<T>>;
  readonly #creating = new Set<string>();

  /** Use {@link openDocuments}. */
  constructor(directory: DurableDirectory, schema: number, documents: readonly StoredDocument<T>[]) {
    this.#directory = directory;
    this.#schema = schema;
    this.#documents = new Map(documents.map((document) => [document.name, document]));
  }

  /** The document of this name, `undefined` when there is none. */
  get(name: string): Document<T> | undefined {
    return this.#documents.get(name);
  }

  /** Every document, in the order of names at opening, then of creation. */
  all(): Iterable<Document<T>> {
    return this.#documents.values();
  }

  /**
   * Adds a document; resolves when it is on disk, and only then {@link get} finds it.
   *
   * @throws DamsonError `DOCUMENT_EXISTS` (409), `DOCUMENT_NAME_INVALID` (400) or `STATE_WRITE_FAILED` (507 or 500).
   */
  async create(name: string, value: T): Promise<Document<T>> {
    checkDocumentName(name);
    if (this.#documents.has(name) || this.#creating.has(name)) {
      throw new DamsonError("DOCUMENT_EXISTS", `"${name}" exists already`, { status: 409 });
    }
    this.#creating.add(name);
    try {
      const file = new DocumentFile<T>(this.#directory, name);
      const document = await StoredDocument.create(file, { schema: this.#schema, data: value });
      this.#documents.set(name, document);
      return document;
    } finally {
      this.#creating.delete(name);
    }
  }

  /**
   * Deletes a document; resolves when that is durable. A name that is not there is a success.
   *
   * @throws DamsonError `STATE_WRITE_FAILED` (500): the document is still there.
   */
  async remove(name: string): Promise<void> {
    const document = this.#documents.get(name);
    if (!document) return;
    await document.remove();
    if (this.#documents.get(name) === document) this.#documents.delete(name);
  }

  /** Resolves when no write that was pending at the call is pending any more, whether it succeeded or not. */
  async settled(): Promise<void> {
    await Promise.all([...this.#documents.values()].map((document) => document.settled()));
  }

  /** Waits for pending writes and lets go of the directory. Updates afterwards fail with `STATE_WRITE_FAILED`. */
  async close(): Promise<void> {
    await this.settled();
    await this.#directory.close();
  }
}

/**
 * Opens a directory of documents. What cannot be used is moved to `damaged/` and reported; the rest loads.
 *
 * @throws DamsonError `STATE_TOO_NEW` when a newer Damson wrote one, `STATE_MIGRATION_FAILED`, `STATE_READ_FAILED` or
 *   `STATE_WRITE_FAILED`.
 */
export async function openDocuments<T>(options: OpenDocumentsOptions): Promise<OpenedDocuments<T>> {
  const directory = await DurableDirectory.open(options.directory);
  try {
    const { documents, damaged } = await loadDocuments<T>(directory, await documentFiles(directory), options);
    return { documents: new Documents(directory, options.schemaVersion, documents), damaged };
  } catch (error) {
    await directory.close();
    throw error;
  }
}
