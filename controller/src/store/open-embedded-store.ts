import { join } from "node:path";
import { type DamagedDocument, DurableDirectory, setAside } from "@damson/core/state";
import type { Logger, Store } from "@damson/plugin-sdk";
import { type StoreClock, SYSTEM_CLOCK } from "./clock.ts";
import { Disk } from "./disk.ts";
import { EmbeddedStore } from "./embedded-store.ts";
import { Journal } from "./journal.ts";
import { ObjectDocuments } from "./object-documents.ts";
import { readJournal } from "./read-journal.ts";
import { recover } from "./recover.ts";
import { segmentName } from "./segment.ts";

const MIB = 1_048_576;

/** How {@link openEmbeddedStore} opens a store. */
export interface EmbeddedStoreOptions {
  /** Made with mode 0700 where it is missing. */
  readonly directory: string;
  /** @default nothing is logged */
  readonly log?: Logger;
  /** Bytes of the journal at which the documents are brought up to date. It grows to four times that. @default 8 MiB */
  readonly journalBytes?: number;
  /** Most bytes of changes, as JSON, that are kept in memory for those who watch. @default 16 MiB */
  readonly historyBytes?: number;
  /**
   * Milliseconds for which `close` may bring documents up to date. What is left then is in the journal.
   *
   * @default 5,000
   */
  readonly closeMs?: number;
  /** The time of leases. @default the machine's */
  readonly clock?: StoreClock;
}

/** What {@link openEmbeddedStore} returns. */
export interface OpenedStore {
  readonly store: Store;
  /** What was set aside, since it cannot be used: documents of objects, and parts of the journal. */
  readonly damaged: readonly DamagedDocument[];
  /** Finishes what was begun. Calls afterwards, and watches, end with `STORE_UNAVAILABLE`. */
  close(): Promise<void>;
}

/**
 * Opens the store that is built in: each object is a document (`objects/<name>.json`, through lowdb), and changes are durable
 * in a journal before. Only one process at a time may have it open: take `lockDirectory` first.
 *
 * What is damaged is set aside and reported; the rest loads. On a full disk it opens too, and refuses changes.
 *
 * @throws DamsonError `STATE_TOO_NEW`, `STATE_READ_FAILED` or `STATE_WRITE_FAILED`.
 */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<OpenedStore> {
  const { journalBytes = 8 * MIB, historyBytes = 16 * MIB, closeMs = 5_000, clock = SYSTEM_CLOCK, log } = options;
  const directory = await DurableDirectory.open(options.directory);
  const documents = await ObjectDocuments.open(join(directory.path, "objects"));
  try {
    const loaded = await documents.load();
    const segments = await readJournal(directory);
    const { state, dirty } = recover(loaded.entries, segments);
    const sound = segments.filter((segment) => segment.damagedLines === 0);
    const journal = new Journal(directory, state, sound, segments.at(-1)?.number ?? 0);
    const disk = new Disk({ state, journal, documents, dirty, journalBytes, closeMs, log });
    const damaged = [...loaded.damaged];
    // What is sound in them must be in the documents first.
    if (sound.length < segments.length) await disk.checkpoint();
    for (const { number, damagedLines } of segments.filter((segment) => segment.damagedLines > 0)) {
      const reason = `${damagedLines} of its lines are damaged, and the changes in them are lost`;
      damaged.push(await setAside(directory, segmentName(number), reason));
    }
    for (const one of damaged) log?.error({ ...one }, "a part of the store is damaged, and was set aside");
    const store = new EmbeddedStore(state, disk, clock, historyBytes);
    const close = async () => {
      await store.close();
      await directory.close();
    };
    return { store, damaged, close };
  } catch (error) {
    await documents.close();
    await directory.close();
    throw error;
  }
}
