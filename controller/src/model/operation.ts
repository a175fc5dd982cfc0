import type { Json } from "@damson/plugin-sdk";

/** How long the answer of an operation is kept for those who ask again, in milliseconds. */
export const OPERATION_KEPT_MS = 86_400_000;

/** A change that was made with an idempotency key. Its revision is that of the change. */
export interface OperationRecord {
  /** SHA-256 of method, path and body: the same key for something else is refused. */
  readonly fingerprint: string;
  readonly answer: Json;
  readonly at: string;
}
