import { basename, dirname, resolve } from "node:path";
import { type Document, StoredDocument } from "./document.ts";
import { DOCUMENT_SUFFIX, DocumentFile } from "./document-file.ts";
import { checkDocumentName } from "./document-name.ts";
import { DurableDirectory } from "./durable-directory.ts";
import { type DocumentRules, loadDocuments } from "./load.ts";
import type { DamagedDocument } from "./set-aside.ts";

/** How {@link openDocument} opens a file. */
export interface OpenDocumentOptions<T> extends DocumentRules {
  /** Path of the file; its name is a document's name and `.json`. */
  readonly file: string;
  /** Written when there is no such file, or when it was damaged and set aside. */
  readonly initial: T;
}

/** What {@link openDocument} returns. */
export interface OpenedDocument<T> {
  readonly document: Document<T>;
  /** Set when the file was set aside, and the document began again with `initial`. */
  readonly damaged: DamagedDocument | undefined;
  /** Waits for pending writes and lets go of the directory. Updates afterwards fail with `STATE_WRITE_FAILED`. */
  close(): Promise<void>;
}

/**
 * Opens a single document, by the same rules as `openDocuments`. Other files in its directory are not looked at.
 *
 * @throws DamsonError `DOCUMENT_NAME_INVALID`, `STATE_TOO_NEW`, `STATE_MIGRATION_FAILED`, `STATE_READ_FAILED` or
 *   `STATE_WRITE_FAILED`.
 */
export async function openDocument<T>(options: OpenDocumentOptions<T>): Promise<OpenedDocument<T>> {
  const path = resolve(options.file);
  const name = basename(path, DOCUMENT_SUFFIX);
  checkDocumentName(name);
  const directory = await DurableDirectory.open(dirname(path));
  try {
    const file = new DocumentFile<T>(directory, name);
    const { documents, damaged } = await loadDocuments<T>(directory, [basename(path)], options);
    const document =
      documents[0] ?? (await StoredDocument.create(file, { schema: options.schemaVersion, data: options.initial }));
    const close = async () => {
      await document.settled();
      await directory.close();
    };
    return { document, damaged: damaged[0], close };
  } catch (error) {
    await directory.close();
    throw error;
  }
}
