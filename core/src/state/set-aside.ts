import { rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { DOCUMENT_SUFFIX } from "./document-file.ts";
import { DurableDirectory } from "./durable-directory.ts";
import { writeFailed } from "./write-failed.ts";

/** A document that could not be used and was moved out of the way. */
export interface DamagedDocument {
  readonly name: string;
  /** Where it is now. */
  readonly file: string;
  /** What is wrong with it, e.g. `it is not JSON: …`. */
  readonly reason: string;
}

// Keeps the new name below 255 bytes whatever the old one was.
const NAME_CHARACTERS_KEPT = 50;

/**
 * Moves `directory`'s file of this name to `damaged/<name>.<time>.json`, where people can look at it.
 *
 * @throws DamsonError `STATE_WRITE_FAILED` when it cannot be moved; left in place, it could be overwritten.
 */
export async function setAside(
  directory: DurableDirectory,
  fileName: string,
  reason: string,
): Promise<DamagedDocument> {
  const from = join(directory.path, fileName);
  const name = basename(fileName, DOCUMENT_SUFFIX);
  const time = new Date().toISOString().replaceAll(/[-:.]/g, "");
  const damaged = await DurableDirectory.open(join(directory.path, "damaged"));
  try {
    const kept = isLong(name) ? name.slice(0, NAME_CHARACTERS_KEPT) : name;
    const to = join(damaged.path, `${kept}.${time}${DOCUMENT_SUFFIX}`);
    await rename(from, to);
    await Promise.all([damaged.sync(), directory.sync()]);
    return { name, file: to, reason };
  } catch (error) {
    throw writeFailed(from, error);
  } finally {
    await damaged.close();
  }
}

function isLong(name: string): boolean {
  return Buffer.byteLength(name) > 4 * NAME_CHARACTERS_KEPT;
}
