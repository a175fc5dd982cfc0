import type { StoreEntry } from "@damson/plugin-sdk";
import { type Change, keysOf } from "./change.ts";
import type { ReadSegment } from "./read-journal.ts";
import { State } from "./state.ts";

/** How far the revision goes on after damage: farther than any that was given and is not known any more. */
const REVISIONS_SKIPPED = 1_000_000;
/** What a lease gets whose time is not known any more. */
const LOST_LEASE_MS = 60_000;

/** What {@link recover} found. */
export interface Recovered {
  readonly state: State;
  /** The keys whose documents may be older than the state. */
  readonly dirty: Set<string>;
}

/**
 * The state that the documents and the journal make together. A document may be newer than a change in the journal, since
 * it was written before that part of the journal was dropped; the newer one counts.
 */
export function recover(entries: Map<string, StoreEntry>, segments: readonly ReadSegment[]): Recovered {
  let revision = 0;
  let leases = new Map<string, number>();
  const dirty = new Set<string>();
  for (const { head, changes } of segments) {
    if (head) leases = new Map(Object.entries(head.leases));
    revision = Math.max(revision, head?.revision ?? 0);
    for (const change of changes) {
      revision = Math.max(revision, change.revision);
      replay(change, entries, leases);
      for (const key of keysOf(change)) dirty.add(key);
    }
  }
  for (const { lease, modRevision } of entries.values()) {
    revision = Math.max(revision, modRevision);
    // Without a lease the key would stay for ever.
    if (lease !== undefined && !leases.has(lease)) leases.set(lease, LOST_LEASE_MS);
  }
  if (segments.some(({ damagedLines }) => damagedLines > 0)) revision += REVISIONS_SKIPPED;
  return { state: new State(revision, entries, leases), dirty };
}

function replay(change: Change, entries: Map<string, StoreEntry>, leases: Map<string, number>): void {
  const { revision, puts, deletes, granted, ended } = change;
  if (granted) leases.set(granted.id, granted.ttlMs);
  if (ended !== undefined) leases.delete(ended);
  for (const entry of puts) {
    if ((entries.get(entry.key)?.modRevision ?? 0) < entry.modRevision) entries.set(entry.key, entry);
  }
  for (const key of deletes) {
    if ((entries.get(key)?.modRevision ?? revision) < revision) entries.delete(key);
  }
}
