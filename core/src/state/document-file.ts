import { readFileSync } from "node:fs";
import { join } from "node:path";
import { errorText } from "@damson/plugin-sdk";
import type { Adapter } from "lowdb";
import type { DurableDirectory } from "./durable-directory.ts";
import { readFailed } from "./read-failed.ts";
import { systemCode, writeFailed } from "./write-failed.ts";

/** What the name of a document's file ends in. */
export const DOCUMENT_SUFFIX = ".json";

/** What a document's file holds. */
export interface Envelope<T> {
  /** Number of the schema that `data` was written by. */
  readonly schema: number;
  readonly data: T;
}

/** A file that is there and cannot be used; the message is the reason. */
export class DamagedFile extends Error {}

/** lowdb's adapter for one document in a {@link DurableDirectory}. */
export class DocumentFile<T> implements Adapter<Envelope<T>> {
  readonly name: string;
  /** The file's full path. */
  readonly path: string;
  readonly #directory: DurableDirectory;

  /** `name` has been checked by `checkDocumentName`. */
  constructor(directory: DurableDirectory, name: string) {
    this.#directory = directory;
    this.name = name;
    this.path = join(directory.path, this.#fileName);
  }

  get #fileName(): string {
    return this.name + DOCUMENT_SUFFIX;
  }

  /**
   * What the file holds, its data as yet unchecked; `null` when there is no file.
   *
   * @throws DamagedFile when it is not an envelope.
   * @throws DamsonError `STATE_READ_FAILED` (500) when it cannot be read for a reason that does not lie in its content.
   */
  async read(): Promise<Envelope<T> | null> {
    const text = this.#readText();
    return text === null ? null : parseEnvelope<T>(text);
  }

  /** @throws DamsonError `STATE_WRITE_FAILED`. */
  async write(envelope: Envelope<T>): Promise<void> {
    await this.#directory.write(this.#fileName, this.#encode(envelope));
  }

  /** @throws DamsonError `STATE_WRITE_FAILED`. */
  async remove(): Promise<void> {
    await this.#directory.remove(this.#fileName);
  }

  #readText(): string | null {
    try {
      // Documents are read when a program starts, by the thousand: through the thread pool that takes eight times as long.
      return readFileSync(this.path, "utf8");
    } catch (error) {
      if (systemCode(error) === "ENOENT") return null;
      if (systemCode(error) === "EIO") throw new DamagedFile("it cannot be read: input/output error");
      throw readFailed(this.path, error);
    }
  }

  #encode(envelope: Envelope<T>): string {
    try {
      if (envelope.data === undefined) throw new TypeError("undefined is not JSON");
      return JSON.stringify(envelope);
    } catch (error) {
      throw writeFailed(this.path, error);
    }
  }
}

function parseEnvelope<T>(text: string): Envelope<T> {
  if (text.trim() === "") throw new DamagedFile("it is empty");
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new DamagedFile(`it is not JSON: ${errorText(error)}`);
  }
  if (!isEnvelope<T>(parsed)) throw new DamagedFile("it is not a Damson document");
  return parsed;
}

/** Whether the outer shape is right; `data` is checked after migration, by the opener's own rules. */
function isEnvelope<T>(parsed: unknown): parsed is Envelope<T> {
  return (
    typeof parsed === "object" &&
    parsed !== null &&
    "data" in parsed &&
    "schema" in parsed &&
    Number.isSafeInteger(parsed.schema) &&
    Number(parsed.schema) >= 1
  );
}
