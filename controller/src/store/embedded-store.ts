import { randomUUID } from "node:crypto";
import {
  checkLeaseTtl,
  checkStoreCommit,
  checkStoreKey,
  checkStoreListOptions,
  checkStorePrefix,
  checkStoreRevision,
  type DamsonError,
  type Store,
  type StoreBatch,
  type StoreCommit,
  type StoreCommitted,
  type StoreEntry,
  type StoreList,
  type StoreListOptions,
  storeUnavailable,
} from "@damson/plugin-sdk";
import type { Change } from "./change.ts";
import type { StoreClock } from "./clock.ts";
import { CommitQueue } from "./commit-queue.ts";
import type { Disk } from "./disk.ts";
import { History } from "./history.ts";
import { LeaseWatch } from "./lease-watch.ts";
import type { State } from "./state.ts";

/** A store in this process: all of it in memory, and durable in a directory. */
export class EmbeddedStore implements Store {
  readonly name = "embedded";
  readonly #state: State;
  readonly #disk: Disk;
  readonly #queue: CommitQueue;
  readonly #history: History;
  readonly #leases: LeaseWatch;
  #closed: DamsonError | undefined;

  /** Use `openEmbeddedStore`. */
  constructor(state: State, disk: Disk, clock: StoreClock, historyBytes: number) {
    this.#state = state;
    this.#disk = disk;
    this.#queue = new CommitQueue(state, (changes) => this.#write(changes));
    this.#history = new History(state.revision, historyBytes);
    this.#leases = new LeaseWatch(clock, (id) => this.#endOverdue(id));
    for (const [id, { ttlMs }] of state.leases) this.#leases.renew(id, ttlMs);
  }

  async get(key: string): Promise<StoreEntry | undefined> {
    checkStoreKey(key);
    this.#checkOpen();
    return this.#state.get(key);
  }

  async list(prefix: string, options: StoreListOptions = {}): Promise<StoreList> {
    checkStorePrefix(prefix);
    checkStoreListOptions(options);
    this.#checkOpen();
    return { entries: this.#state.list(prefix, options.after, options.limit), revision: this.#state.revision };
  }

  async commit(commit: StoreCommit): Promise<StoreCommitted> {
    const checked = checkStoreCommit(commit);
    return this.#queue.run(checked.bytes, (draft) => draft.commit(checked));
  }

  async *watch(prefix: string, revision: number, signal: AbortSignal): AsyncGenerator<StoreBatch> {
    checkStorePrefix(prefix);
    checkStoreRevision(revision);
    yield* this.#history.watch(prefix, revision, signal);
  }

  async grantLease(ttlMs: number): Promise<string> {
    checkLeaseTtl(ttlMs);
    const id = randomUUID();
    await this.#queue.run(0, (draft) => draft.grantLease(id, ttlMs));
    return id;
  }

  async renewLease(id: string): Promise<boolean> {
    this.#checkOpen();
    this.#renew(id);
    await this.#leases.settled(id);
    return this.#renew(id);
  }

  async revokeLease(id: string): Promise<void> {
    await this.#queue.run(0, (draft) => draft.endLease(id));
  }

  /** Finishes what was begun, refuses all else, ends all watches, and lets go of the directory. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = storeUnavailable("it has been closed");
    this.#leases.stop();
    await this.#queue.close(this.#closed);
    this.#history.close(this.#closed);
    await this.#disk.close();
  }

  async #write(changes: readonly Change[]): Promise<void> {
    const bytes = await this.#disk.write(changes);
    for (const change of changes) {
      this.#state.apply(change);
      if (change.granted) this.#leases.renew(change.granted.id, change.granted.ttlMs);
      if (change.ended !== undefined) this.#leases.forget(change.ended);
      this.#history.add(change, bytes / changes.length);
    }
  }

  #endOverdue(id: string): Promise<void> {
    return this.#queue.run(0, (draft) => {
      // It may have been renewed since it was looked at.
      if (this.#leases.isOverdue(id)) draft.endLease(id);
    });
  }

  #renew(id: string): boolean {
    const lease = this.#state.leases.get(id);
    if (lease) this.#leases.renew(id, lease.ttlMs);
    return lease !== undefined;
  }

  #checkOpen(): void {
    if (this.#closed) throw this.#closed;
  }
}
