import type { StoreEntry } from "@damson/plugin-sdk";

/** What one commit did, or the grant or the end of one lease: whole in itself, so that it can be replayed on what it left. */
export interface Change {
  /** Of the store after it; that before it when no key was touched. */
  readonly revision: number;
  readonly puts: readonly StoreEntry[];
  readonly deletes: readonly string[];
  readonly granted?: { readonly id: string; readonly ttlMs: number };
  /** Id of the lease that ended. */
  readonly ended?: string;
}

/** The keys that it touched. */
export function keysOf({ puts, deletes }: Change): string[] {
  return [...puts.map(({ key }) => key), ...deletes];
}
