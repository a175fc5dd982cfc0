import type { Json } from "../json.ts";

/** One object of a store, as it was at some revision. Never change it in place. */
export interface StoreEntry {
  readonly key: string;
  readonly value: Json;
  /** Revision of the store at which the key was made; a key that was deleted and put again has a new one. */
  readonly createRevision: number;
  /** Revision of the store at which the key was last put. */
  readonly modRevision: number;
  /** Id of the lease with which the key ends; absent for a key that stays. */
  readonly lease?: string;
}

/** What became of one key. */
export type StoreEvent =
  | { readonly type: "put"; readonly entry: StoreEntry }
  | { readonly type: "delete"; readonly key: string; readonly revision: number };

/** All that one commit (or the end of one lease) changed below a watched prefix. */
export interface StoreBatch {
  readonly revision: number;
  /** Each key at most once. */
  readonly events: readonly StoreEvent[];
}
