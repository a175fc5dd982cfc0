import {
  type StoreCommit,
  type StoreCommitted,
  type StoreCompare,
  type StoreEntry,
  type StoreOperation,
  storeLeaseGone,
} from "@damson/plugin-sdk";
import type { Change } from "./change.ts";
import type { State } from "./state.ts";

/** What is about to be written on top of a {@link State}: each step sees those before it, and nobody else sees any. */
export class Draft {
  readonly changes: Change[] = [];
  readonly #state: State;
  readonly #entries = new Map<string, StoreEntry | undefined>();
  /** Leases that were granted (true) or have ended (false) in this draft. */
  readonly #leases = new Map<string, boolean>();
  /** Keys that were put with each lease in this draft, which some may have left again. */
  readonly #leased = new Map<string, Set<string>>();
  #revision: number;

  constructor(state: State) {
    this.#state = state;
    this.#revision = state.revision;
  }

  /** @throws DamsonError `STORE_LEASE_GONE`; then nothing of it is in the draft. */
  commit({ when = [], operations }: StoreCommit): StoreCommitted {
    if (!when.every((compare) => this.#holds(compare))) return { committed: false };
    for (const { lease } of operations.filter(isPut)) {
      if (lease !== undefined && !this.hasLease(lease)) throw storeLeaseGone(lease);
    }
    const revision = this.#revision + 1;
    const puts = operations.filter(isPut).map((put) => this.#entry(put, revision));
    const deletes = operations.flatMap((one) => ("delete" in one && this.#get(one.delete) ? [one.delete] : []));
    this.#add({ puts, deletes });
    return { committed: true, revision: this.#revision };
  }

  grantLease(id: string, ttlMs: number): void {
    this.#leases.set(id, true);
    this.#add({ puts: [], deletes: [], granted: { id, ttlMs } });
  }

  /** Ends a lease and its keys. One that has ended already stays so. */
  endLease(id: string): void {
    if (!this.hasLease(id)) return;
    const candidates = new Set([...(this.#state.leases.get(id)?.keys ?? []), ...(this.#leased.get(id) ?? [])]);
    const deletes = [...candidates].filter((key) => this.#get(key)?.lease === id);
    this.#leases.set(id, false);
    this.#add({ puts: [], deletes, ended: id });
  }

  hasLease(id: string): boolean {
    return this.#leases.get(id) ?? this.#state.leases.has(id);
  }

  #add(change: Omit<Change, "revision">): void {
    const { puts, deletes, granted, ended } = change;
    if (puts.length + deletes.length > 0) this.#revision += 1;
    else if (!granted && ended === undefined) return;
    for (const entry of puts) {
      this.#entries.set(entry.key, entry);
      if (entry.lease === undefined) continue;
      this.#leased.set(entry.lease, (this.#leased.get(entry.lease) ?? new Set()).add(entry.key));
    }
    for (const key of deletes) this.#entries.set(key, undefined);
    this.changes.push({ revision: this.#revision, ...change });
  }

  #entry({ put: key, value, lease }: Put, revision: number): StoreEntry {
    const createRevision = this.#get(key)?.createRevision ?? revision;
    return { key, value, createRevision, modRevision: revision, ...(lease !== undefined && { lease }) };
  }

  #holds({ key, modRevision }: StoreCompare): boolean {
    return (this.#get(key)?.modRevision ?? 0) === modRevision;
  }

  #get(key: string): StoreEntry | undefined {
    return this.#entries.has(key) ? this.#entries.get(key) : this.#state.get(key);
  }
}

type Put = Extract<StoreOperation, { put: string }>;

function isPut(operation: StoreOperation): operation is Put {
  return "put" in operation;
}
