import type { StoreClock } from "./clock.ts";

const TICK_MS = 500;
// What a timer of a busy program is late without anything being wrong.
const LATENESS_MS = 500;
const RETRY_MS = 5_000;

/** Looks which leases are overdue, by one timer for all. What is to be done about those is its caller's. */
export class LeaseWatch {
  readonly #clock: StoreClock;
  readonly #deadlines = new Map<string, number>();
  readonly #ending = new Map<string, Promise<void>>();
  readonly #end: (id: string) => Promise<unknown>;
  readonly stop: () => void;
  #ticked: number;
  #stalled = 0;

  /** @param end - ends a lease that is overdue; when it fails, it is called again later */
  constructor(clock: StoreClock, end: (id: string) => Promise<unknown>) {
    this.#clock = clock;
    this.#end = end;
    this.#ticked = clock.now();
    this.stop = clock.every(TICK_MS, () => this.#tick());
  }

  /** Gives a lease `ttlMs` from now. */
  renew(id: string, ttlMs: number): void {
    this.#deadlines.set(id, this.#now() + ttlMs);
  }

  forget(id: string): void {
    this.#deadlines.delete(id);
  }

  isOverdue(id: string): boolean {
    return (this.#deadlines.get(id) ?? Number.POSITIVE_INFINITY) <= this.#now();
  }

  /** Resolves when the end of this lease is not under way. */
  async settled(id: string): Promise<void> {
    await this.#ending.get(id);
  }

  /**
   * Without the time for which this process did nothing. While it stood still it could not hear renewals either, and those
   * that wait in its sockets must not come too late.
   */
  #now(): number {
    return this.#clock.now() - this.#stalled;
  }

  #tick(): void {
    const late = this.#clock.now() - this.#ticked - TICK_MS;
    if (late > LATENESS_MS) this.#stalled += late;
    this.#ticked = this.#clock.now();
    for (const id of this.#deadlines.keys()) {
      if (this.isOverdue(id) && !this.#ending.has(id)) this.#ending.set(id, this.#finish(id));
    }
  }

  async #finish(id: string): Promise<void> {
    try {
      await this.#end(id);
    } catch {
      // The disk did not take it, which the next commit tells whoever can do something about it.
      if (this.isOverdue(id)) this.renew(id, RETRY_MS);
    } finally {
      this.#ending.delete(id);
    }
  }
}
