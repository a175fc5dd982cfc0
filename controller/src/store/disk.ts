import { writeFailed } from "@damson/core/state";
import { DamsonError, errorText, type Logger } from "@damson/plugin-sdk";
import { type Change, keysOf } from "./change.ts";
import type { Journal } from "./journal.ts";
import type { ObjectDocuments } from "./object-documents.ts";
import type { State } from "./state.ts";

/** The journal may grow to as many times what a checkpoint begins at, while one is under way or fails. */
const GROWTH = 4;

/** What {@link Disk} works with. */
export interface DiskParts {
  readonly state: State;
  readonly journal: Journal;
  readonly documents: ObjectDocuments;
  /** The keys whose documents may be older than the state. */
  readonly dirty: Set<string>;
  /** Bytes of the journal at which a checkpoint begins. */
  readonly journalBytes: number;
  /** Milliseconds that documents may still be written for once it is closed. */
  readonly closeMs: number;
  readonly log: Logger | undefined;
}

/**
 * Makes changes durable: at once in the journal, and from time to time, by a checkpoint, in the documents. Then the journal
 * begins anew.
 */
export class Disk {
  readonly #parts: DiskParts;
  readonly #patience = new AbortController();
  #dirty: Set<string>;
  #checkpoint: Promise<void> | undefined;
  /** Bytes of the journal at which the next checkpoint begins. */
  #due: number;

  constructor(parts: DiskParts) {
    this.#parts = parts;
    this.#dirty = parts.dirty;
    this.#due = parts.journalBytes;
  }

  /**
   * Appends `changes` to the journal. They are to be applied to the state in the same turn.
   *
   * @returns how many bytes they are as JSON
   * @throws DamsonError `STATE_WRITE_FAILED` (507 when the disk is full, else 500; retryable), also when the journal has
   *   grown to its bound, since documents cannot be written. None of the changes counts then.
   */
  async write(changes: readonly Change[]): Promise<number> {
    try {
      await this.#makeRoom();
      const bytes = await this.#parts.journal.append(changes);
      for (const key of changes.flatMap(keysOf)) this.#dirty.add(key);
      return bytes;
    } catch (error) {
      const { message, status, remedy, cause } = writeFailed("the store", error);
      // By the contract of stores: the same commit may succeed once there is space.
      const options = { status, retryable: true, cause, ...(remedy && { remedy }) };
      throw new DamsonError("STATE_WRITE_FAILED", message, options);
    }
  }

  /**
   * Brings all documents up to date, and empties the journal. Must not overlap with {@link write}.
   *
   * @throws whatever the file system throws; nothing is lost then, the journal has it all.
   */
  async checkpoint(): Promise<void> {
    await this.#checkpoint?.catch(() => undefined);
    await this.#begin();
    await this.#checkpoint;
  }

  /** Lets go of everything, after a last checkpoint where there is the time for one. */
  async close(): Promise<void> {
    const { journal, documents, closeMs } = this.#parts;
    const timer = setTimeout(() => this.#patience.abort(new Error("it is being closed")), closeMs);
    await this.#checkpoint?.catch(() => undefined);
    // When it fails, that is logged, and the next start finds all in the journal.
    if (this.#dirty.size > 0) await this.checkpoint().catch(() => undefined);
    clearTimeout(timer);
    await journal.close();
    await documents.close();
  }

  async #makeRoom(): Promise<void> {
    const { journal, journalBytes } = this.#parts;
    if (journal.bytes >= this.#due) await this.#begin().catch(() => undefined);
    if (journal.bytes >= GROWTH * journalBytes) await (this.#checkpoint ?? this.checkpoint());
  }

  /** Begins a checkpoint, unless one is under way, and returns when changes can go on beside it. */
  async #begin(): Promise<void> {
    if (this.#checkpoint) return;
    const firstNeeded = await this.#parts.journal.rotate().catch((error: unknown) => {
      this.#postpone(error);
      throw error;
    });
    const keys = this.#dirty;
    this.#dirty = new Set();
    this.#checkpoint = this.#save(keys, firstNeeded).finally(() => {
      this.#checkpoint = undefined;
    });
    this.#checkpoint.catch((error) => this.#postpone(error));
  }

  async #save(keys: ReadonlySet<string>, firstNeeded: number): Promise<void> {
    const { documents, journal, state, journalBytes } = this.#parts;
    try {
      await documents.save([...keys], (key) => state.get(key), this.#patience.signal);
    } catch (error) {
      for (const key of keys) this.#dirty.add(key);
      throw error;
    }
    await journal.drop(firstNeeded);
    this.#due = journalBytes;
  }

  #postpone(error: unknown): void {
    const { journal, journalBytes, log } = this.#parts;
    this.#due = journal.bytes + journalBytes / GROWTH;
    log?.warn(`the store cannot write its documents, and keeps the changes in its journal: ${errorText(error)}`);
  }
}
