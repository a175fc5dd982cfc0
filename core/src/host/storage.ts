import { join } from "node:path";
import { DamsonError, type Json, type Logger, type Storage, type StoredDocument } from "@damson/plugin-sdk";
import { openDocument } from "../state/index.ts";

const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** The documents of one plugin during one life of it. */
export class PluginStorage implements Storage {
  readonly #directory: string;
  readonly #log: Logger;
  readonly #names = new Set<string>();
  readonly #closes: (() => Promise<void>)[] = [];

  /** `directory` is made when the first document is opened. */
  constructor(directory: string, log: Logger) {
    this.#directory = directory;
    this.#log = log;
  }

  /**
   * @throws DamsonError `DOCUMENT_NAME_INVALID`; `DOCUMENT_OPEN` when this plugin has it open already, since two copies
   *   would overwrite each other; and what opening a document of `core/state` throws.
   */
  async document<T extends Json>(name: string, initial: T): Promise<StoredDocument<T>> {
    if (!NAME.test(name)) {
      throw new DamsonError("DOCUMENT_NAME_INVALID", `${JSON.stringify(name)} cannot name a document`, { status: 400 });
    }
    if (this.#names.has(name)) {
      throw new DamsonError("DOCUMENT_OPEN", `the document "${name}" is open already`, {
        status: 409,
        remedy: "Open it once in setup and keep what you got.",
      });
    }
    this.#names.add(name);
    try {
      const file = join(this.#directory, `${name}.json`);
      const { document, damaged, close } = await openDocument<T>({ file, initial, schemaVersion: 1 });
      if (damaged) this.#log.error({ damaged }, `the document "${name}" was damaged and begins anew`);
      this.#closes.push(close);
      return document;
    } catch (error) {
      this.#names.delete(name);
      throw error;
    }
  }

  /** Waits for pending writes and lets go of the files. */
  async close(): Promise<void> {
    await Promise.all(this.#closes.map((close) => close()));
  }
}
