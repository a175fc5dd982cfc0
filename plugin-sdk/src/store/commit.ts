import type { Json } from "../json.ts";

/** A condition of a commit: the key was last put at this revision, or does not exist (0). */
export interface StoreCompare {
  readonly key: string;
  readonly modRevision: number;
}

/**
 * What a commit does to one key. Deleting a key that is not there succeeds, and changes nothing. A put counts as a change
 * also when the value is the same; without a lease it takes the key off the lease that it had. What is kept is what JSON
 * makes of `value` at the call.
 */
export type StoreOperation =
  | { readonly put: string; readonly value: Json; readonly lease?: string | undefined }
  | { readonly delete: string };

/** Changes that happen together or not at all. */
export interface StoreCommit {
  /** All must hold before any operation is done. @default none */
  readonly when?: readonly StoreCompare[];
  /** At most {@link STORE_LIMITS.operations}; no key twice. */
  readonly operations: readonly StoreOperation[];
}

/** What became of a commit. */
export type StoreCommitted =
  | {
      readonly committed: true;
      /** That of the commit: the `modRevision` of all that it put. One that changed nothing has the store's present one. */
      readonly revision: number;
    }
  | { readonly committed: false };

/** Bounds that every store keeps, so that what works on one works on all. They are those of etcd's defaults. */
export const STORE_LIMITS = {
  /** Operations, and conditions, of one commit. */
  operations: 128,
  /** Bytes of all values of one commit together, as JSON. */
  valueBytes: 1_000_000,
  /** Characters of a key. */
  keyLength: 512,
  /** Milliseconds that a lease lasts. */
  leaseMs: { min: 1_000, max: 86_400_000 },
} as const;

/** What a key matches: printable ASCII without blanks, in parts that are separated by `/`, e.g. `nodes/nodeA`. */
export const STORE_KEY_PATTERN = "^[!-.0-~]+(/[!-.0-~]+)*$";
