import { readdir, unlink } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Issue } from "@damson/plugin-sdk";
import { StoredDocument } from "./document.ts";
import { DamagedFile, DOCUMENT_SUFFIX, DocumentFile, type Envelope } from "./document-file.ts";
import { isDocumentName } from "./document-name.ts";
import { DurableDirectory, TEMPORARY_SUFFIX } from "./durable-directory.ts";
import { type Migrations, migrate } from "./migrate.ts";
import { readFailed } from "./read-failed.ts";
import { type DamagedDocument, setAside } from "./set-aside.ts";

/** What documents of one kind have in common. */
export interface DocumentRules {
  /** Number of the schema that this program writes; from 1. */
  readonly schemaVersion: number;
  /** One step for each older schema that may be found. @default {} */
  readonly migrations?: Migrations;
  /** Faults of the migrated data; a document that has any is set aside. @default none is looked for */
  readonly validate?: (data: unknown, name: string) => readonly Issue[];
}

/** What {@link loadDocuments} found. */
export interface Loaded<T> {
  readonly documents: readonly StoredDocument<T>[];
  readonly damaged: readonly DamagedDocument[];
}

interface Sound<T> {
  readonly file: DocumentFile<T>;
  readonly stored: Envelope<T>;
  readonly migrated: Envelope<T>;
}

interface Damaged {
  readonly fileName: string;
  readonly reason: string;
}

/**
 * Reads the files `fileNames` of `directory`, those that exist. Nothing on disk is changed before all of them are known to be damaged,
 * or of a schema that can be read.
 *
 * @throws DamsonError `STATE_TOO_NEW`, `STATE_MIGRATION_FAILED`, `STATE_READ_FAILED` or `STATE_WRITE_FAILED`.
 */
export async function loadDocuments<T>(
  directory: DurableDirectory,
  fileNames: readonly string[],
  rules: DocumentRules,
): Promise<Loaded<T>> {
  const found = await Promise.all(fileNames.map((fileName) => find<T>(directory, fileName, rules)));
  const damaged: DamagedDocument[] = [];
  const documents: StoredDocument<T>[] = [];
  const outdated: Sound<T>[] = [];
  for (const one of found) {
    if (one === undefined) continue;
    if ("reason" in one) damaged.push(await setAside(directory, one.fileName, one.reason));
    else {
      documents.push(new StoredDocument(one.file, one.migrated));
      if (one.stored.schema !== one.migrated.schema) outdated.push(one);
    }
  }
  if (outdated.length > 0) await writeMigrated(directory, outdated);
  return { documents, damaged };
}

/** Names of the documents' files in `directory`. Removes what a crash has left of writes that were never acknowledged. */
export async function documentFiles(directory: DurableDirectory): Promise<string[]> {
  try {
    const entries = (await readdir(directory.path, { withFileTypes: true })).filter((entry) => entry.isFile());
    const names = entries.map((entry) => entry.name);
    const leftovers = names.filter((name) => name.endsWith(DOCUMENT_SUFFIX + TEMPORARY_SUFFIX));
    await Promise.all(leftovers.map((name) => unlink(join(directory.path, name))));
    return names.filter((name) => name.endsWith(DOCUMENT_SUFFIX)).sort();
  } catch (error) {
    throw readFailed(directory.path, error);
  }
}

async function find<T>(
  directory: DurableDirectory,
  fileName: string,
  rules: DocumentRules,
): Promise<Sound<T> | Damaged | undefined> {
  const name = basename(fileName, DOCUMENT_SUFFIX);
  if (!isDocumentName(name)) return { fileName, reason: "its name is not the name of a document" };
  const file = new DocumentFile<T>(directory, name);
  try {
    const stored = await file.read();
    if (!stored) return undefined;
    const migrated = migrate<T>(file.path, stored, rules.schemaVersion, rules.migrations ?? {});
    const issues = rules.validate?.(migrated.data, name) ?? [];
    return issues.length > 0 ? { fileName, reason: issuesText(issues) } : { file, stored, migrated };
  } catch (error) {
    if (error instanceof DamagedFile) return { fileName, reason: error.message };
    throw error;
  }
}

/** Keeps each old generation in `backup/<name>.json` before the new one replaces it. */
async function writeMigrated<T>(directory: DurableDirectory, outdated: readonly Sound<T>[]): Promise<void> {
  const backup = await DurableDirectory.open(join(directory.path, "backup"));
  try {
    await Promise.all(outdated.map(({ file, stored }) => new DocumentFile<T>(backup, file.name).write(stored)));
    await Promise.all(outdated.map(({ file, migrated }) => file.write(migrated)));
  } finally {
    await backup.close();
  }
}

function issuesText(issues: readonly Issue[]): string {
  return issues.map((issue) => (issue.path ? `${issue.path}: ${issue.message}` : issue.message)).join("; ");
}
