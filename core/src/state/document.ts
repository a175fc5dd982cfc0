import { DamsonError } from "@damson/plugin-sdk";
import { Low } from "lowdb";
import type { DocumentFile, Envelope } from "./document-file.ts";

/** One durable JSON document. */
export interface Document<T> {
  readonly name: string;
  /** The latest value, with the changes that are still on their way to the disk. Never change it in place. */
  readonly value: T;
  /** The value that the disk has. What cannot be taken back must be decided on this one. */
  readonly durable: T;
  /**
   * Applies `change` to {@link value} before it returns, and resolves when the disk has it. Changes that come while a
   * write is under way share the next write. A change that returns the very same value writes nothing, and resolves when
   * what it saw is on disk.
   *
   * @throws DamsonError `STATE_WRITE_FAILED` (507 when the disk is full, else 500): this change, and every other that was
   *   not on disk yet, is taken back; `DOCUMENT_REMOVED` (409) once {@link Documents.remove} was called; and whatever
   *   `change` throws.
   */
  update(change: (value: T) => T): Promise<void>;
  /** Resolves when no write that was pending at the call is pending any more, whether it succeeded or not. */
  settled(): Promise<void>;
}

/** A {@link Document} that lives in one file through lowdb. */
export class StoredDocument<T> implements Document<T> {
  readonly name: string;
  readonly #file: DocumentFile<T>;
  readonly #low: Low<Envelope<T>>;
  #value: T;
  #durable: T;
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #removal: Promise<void> | undefined;

  /** `stored` is what the file holds already. */
  constructor(file: DocumentFile<T>, stored: Envelope<T>) {
    this.name = file.name;
    this.#file = file;
    this.#low = new Low(file, stored);
    this.#value = stored.data;
    this.#durable = stored.data;
  }

  /** Writes a document that has no file yet. After a failure there is still none. */
  static async create<T>(file: DocumentFile<T>, envelope: Envelope<T>): Promise<StoredDocument<T>> {
    const document = new StoredDocument(file, envelope);
    try {
      await document.#low.write();
    } catch (error) {
      await file.remove().catch(() => undefined);
      throw error;
    }
    return document;
  }

  get value(): T {
    return this.#value;
  }

  get durable(): T {
    return this.#durable;
  }

  async update(change: (value: T) => T): Promise<void> {
    if (this.#removal) {
      throw new DamsonError("DOCUMENT_REMOVED", `"${this.name}" has been removed`, { status: 409 });
    }
    const value = change(this.#value);
    if (value !== this.#value) {
      this.#value = value;
      // When the write under way fails, this one is rejected with it, since it builds on what was taken back.
      this.#next ??= (this.#writing ?? Promise.resolve()).then(() => this.#write());
    }
    await (this.#next ?? this.#writing);
  }

  async settled(): Promise<void> {
    await Promise.allSettled([this.#next ?? this.#writing]);
  }

  /** Deletes the file after what is pending; from now on updates are refused, unless the deletion fails. */
  remove(): Promise<void> {
    this.#removal ??= this.settled()
      .then(() => this.#file.remove())
      .catch((error: unknown) => {
        this.#removal = undefined;
        throw error;
      });
    return this.#removal;
  }

  async #write(): Promise<void> {
    this.#writing = this.#next;
    this.#next = undefined;
    const value = this.#value;
    this.#low.data = { schema: this.#low.data.schema, data: value };
    try {
      await this.#low.write();
      this.#durable = value;
    } catch (error) {
      // When only the last step failed, the refused value is in the file, and would be found after a restart.
      this.#low.data = { schema: this.#low.data.schema, data: this.#durable };
      await this.#low.write().catch(() => undefined);
      this.#value = this.#durable;
      this.#next = undefined;
      throw error;
    } finally {
      this.#writing = undefined;
    }
  }
}
