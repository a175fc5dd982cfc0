import type { Store } from "../../store/store.ts";

/** A store that is open. */
export interface OpenedTestStore {
  readonly store: Store;
  /** Closes it in good order. */
  close(): Promise<void>;
}

/** Where the data of one store lies. */
export interface StorePlace {
  /** Opens the store on the data of this place. Whatever was open before has been closed, or has crashed. */
  open(): Promise<OpenedTestStore>;

  /** Lets `ms` milliseconds pass for leases: by an injected clock, or by waiting where there is none. */
  advance(ms: number): Promise<void>;

  /** Makes the store that is open forget the changes up to its present revision. It may change keys of its own for that. */
  compact(): Promise<void>;

  /**
   * Ends the store that is open as `kill -9` does, at once and while calls of it are under way; these may hang, fail, or
   * even succeed afterwards. Absent where that cannot be done.
   */
  crash?(): Promise<void>;

  /** Removes all data. The store has been closed. */
  remove(): Promise<void>;
}

/** What the conformance suite needs from the author of a store. Make nothing before `make` is called. */
export interface StoreHarness {
  /** A place without data, which has nothing in common with any other. */
  make(): Promise<StorePlace>;

  /** Whether the places can `crash`. */
  readonly crashes: boolean;
}

/** How patient the suite is. */
export interface StoreConformanceOptions {
  /** Milliseconds that any one condition may take. @default 10_000 */
  readonly deadlineMs: number;
  /** Milliseconds that a lease lasts in cases where it has to end. @default 2_000 */
  readonly leaseMs: number;
  /** Writers that race. @default 20 */
  readonly writers: number;
}

/** The defaults of {@link StoreConformanceOptions}. */
export const STORE_CONFORMANCE_DEFAULTS: StoreConformanceOptions = { deadlineMs: 10_000, leaseMs: 2_000, writers: 20 };
