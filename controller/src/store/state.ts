import type { StoreEntry } from "@damson/plugin-sdk";
import type { Change } from "./change.ts";
import { SortedKeys } from "./sorted-keys.ts";

interface Lease {
  readonly ttlMs: number;
  readonly keys: Set<string>;
}

/** What a store holds at its revision: only what is durable. */
export class State {
  readonly #entries: Map<string, StoreEntry>;
  readonly #keys: SortedKeys;
  readonly #leases = new Map<string, Lease>();
  #revision: number;

  /** @param leases - the time of each, in milliseconds; that of every entry must be among them */
  constructor(revision: number, entries: Map<string, StoreEntry>, leases: ReadonlyMap<string, number>) {
    this.#revision = revision;
    this.#entries = entries;
    this.#keys = new SortedKeys(entries.keys());
    for (const [id, ttlMs] of leases) this.#leases.set(id, { ttlMs, keys: new Set() });
    for (const { key, lease } of entries.values()) this.#leaseOf(lease)?.keys.add(key);
  }

  get revision(): number {
    return this.#revision;
  }

  get leases(): ReadonlyMap<string, { readonly ttlMs: number; readonly keys: ReadonlySet<string> }> {
    return this.#leases;
  }

  get(key: string): StoreEntry | undefined {
    return this.#entries.get(key);
  }

  /** In the order of keys. */
  list(prefix: string, after: string | undefined, limit: number | undefined): StoreEntry[] {
    return this.#keys.range(prefix, after, limit).flatMap((key) => this.#entries.get(key) ?? []);
  }

  apply({ revision, puts, deletes, granted, ended }: Change): void {
    this.#revision = revision;
    if (granted) this.#leases.set(granted.id, { ttlMs: granted.ttlMs, keys: new Set() });
    for (const entry of puts) this.#put(entry);
    for (const key of deletes) this.#delete(key);
    if (ended !== undefined) this.#leases.delete(ended);
  }

  #put(entry: StoreEntry): void {
    const before = this.#entries.get(entry.key);
    if (!before) this.#keys.add(entry.key);
    this.#leaseOf(before?.lease)?.keys.delete(entry.key);
    this.#leaseOf(entry.lease)?.keys.add(entry.key);
    this.#entries.set(entry.key, entry);
  }

  #delete(key: string): void {
    this.#leaseOf(this.#entries.get(key)?.lease)?.keys.delete(key);
    if (this.#entries.delete(key)) this.#keys.delete(key);
  }

  #leaseOf(id: string | undefined): Lease | undefined {
    return id === undefined ? undefined : this.#leases.get(id);
  }
}
