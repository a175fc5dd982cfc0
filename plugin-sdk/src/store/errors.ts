import { DamsonError } from "../error.ts";

/** `STORE_COMPACTED` (410), for a watch that would leave something out. */
export function storeCompacted(revision: number): DamsonError {
  return new DamsonError("STORE_COMPACTED", `what changed after revision ${revision} is not known any more`, {
    status: 410,
    remedy: "List again, and watch after the revision of the list.",
  });
}

/** `STORE_LEASE_GONE` (409), for a commit that names a lease which has ended. */
export function storeLeaseGone(lease: string): DamsonError {
  return new DamsonError("STORE_LEASE_GONE", `lease ${JSON.stringify(lease)} has ended`, {
    status: 409,
    remedy: "Grant a new lease, and commit with that one.",
  });
}

/** `STORE_UNAVAILABLE` (503, retryable), for a store that cannot be reached, or has been closed. */
export function storeUnavailable(reason: string, cause?: unknown): DamsonError {
  return new DamsonError("STORE_UNAVAILABLE", `The store cannot be used now: ${reason}`, {
    status: 503,
    retryable: true,
    cause,
  });
}
