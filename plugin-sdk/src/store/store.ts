import type { StoreCommit, StoreCommitted } from "./commit.ts";
import type { StoreBatch, StoreEntry } from "./entry.ts";

/** What {@link Store.list} found. */
export interface StoreList {
  /** In the order of keys, compared by code unit. */
  readonly entries: readonly StoreEntry[];
  /** Of the store when it was read: a watch after it sees all that came since. */
  readonly revision: number;
}

/** How {@link Store.list} reads. */
export interface StoreListOptions {
  /** Most entries, from 1. @default all */
  readonly limit?: number;
  /** Only keys that come after this one, which need not exist. */
  readonly after?: string;
}

/**
 * Keeps the controller's objects. The contract is that of etcd: one revision counts all changes, writes are guarded by
 * revisions, watches begin at one, and keys may end with a lease.
 *
 * Rules, proven for every store by `storeConformance` of `@damson/plugin-sdk/testing`:
 *
 * 1. What `commit` has acknowledged is durable: neither a crash of the process nor of the machine takes it back.
 * 2. A commit happens whole or not at all, for those who read, for those who watch, and after a crash.
 * 3. Revisions rise with each commit that changes something, also over restarts; none is given twice.
 * 4. Reads see every commit that was acknowledged before they began.
 * 5. A watch tells of every change after its revision, once, in order, one batch a commit; or it ends with
 *    `STORE_COMPACTED`. Never is one left out in silence.
 * 6. A lease that is not renewed in time ends, and its keys with it, as one change. A restart of the store gives every
 *    lease its whole time again.
 * 7. Bad input is refused with `STORE_INVALID` (400), and changes nothing.
 *
 * What cannot be reached or written throws a `DamsonError` that is `retryable`, e.g. `STORE_UNAVAILABLE` (503). A commit
 * that failed so may have happened all the same: who must know reads again.
 */
export interface Store {
  /** As in `provides: ["store:<name>"]` of the manifest. */
  readonly name: string;

  /** The object of this key; `undefined` when there is none. */
  get(key: string): Promise<StoreEntry | undefined>;

  /** All objects whose key begins with `prefix`. */
  list(prefix: string, options?: StoreListOptions): Promise<StoreList>;

  /**
   * Changes several keys together, if all conditions hold. Resolves when it is durable.
   *
   * @throws DamsonError `STORE_INVALID` (400) beyond {@link STORE_LIMITS}; `STORE_LEASE_GONE` (409) when a lease it names
   *   has ended.
   */
  commit(commit: StoreCommit): Promise<StoreCommitted>;

  /**
   * Every change after `revision` to keys that begin with `prefix`, as it comes, until `signal` aborts. The iteration then
   * ends without an error.
   *
   * @throws DamsonError while it is iterated: `STORE_COMPACTED` (410) when changes after `revision` are not known (any more),
   *   the reader has fallen too far behind, or the store has not come to `revision` yet: list again, and watch after that.
   */
  watch(prefix: string, revision: number, signal: AbortSignal): AsyncIterable<StoreBatch>;

  /**
   * Grants a lease that lasts this many milliseconds from now and from each renewal. It may end somewhat later, never
   * earlier. Resolves when it is durable.
   *
   * @returns its id
   */
  grantLease(ttlMs: number): Promise<string>;

  /** Gives a lease its whole time again. @returns false when it has ended */
  renewLease(id: string): Promise<boolean>;

  /** Ends a lease and its keys at once. One that has ended is a success. */
  revokeLease(id: string): Promise<void>;
}

/** How long the controller waits for each call, in milliseconds. `watch` has no limit: it ends by its signal. */
export const STORE_DEADLINES_MS = {
  get: 10_000,
  list: 60_000,
  commit: 30_000,
  grantLease: 10_000,
  renewLease: 10_000,
  revokeLease: 10_000,
} as const;
