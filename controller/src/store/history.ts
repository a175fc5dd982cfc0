import { type DamsonError, type StoreBatch, type StoreEvent, storeCompacted } from "@damson/plugin-sdk";
import type { Change } from "./change.ts";

interface Kept {
  readonly batch: StoreBatch;
  readonly bytes: number;
}

/**
 * The latest changes, up to a number of bytes, for those who watch. All watchers read this one history, each at its own
 * pace, so that a slow one takes no memory: what it has not read when it is dropped here, it is told of by an error.
 */
export class History {
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  #kept: Kept[] = [];
  #bytes = 0;
  /** All changes after this revision are kept. */
  #after: number;
  #latest: number;
  #closed: DamsonError | undefined;

  /** @param limit - most bytes of changes, as JSON */
  constructor(revision: number, limit: number) {
    this.#after = revision;
    this.#latest = revision;
    this.#limit = limit;
  }

  add(change: Change, bytes: number): void {
    const events = [
      ...change.puts.map((entry): StoreEvent => ({ type: "put", entry })),
      ...change.deletes.map((key): StoreEvent => ({ type: "delete", key, revision: change.revision })),
    ];
    if (events.length === 0) return;
    this.#kept.push({ batch: { revision: change.revision, events }, bytes });
    this.#latest = change.revision;
    this.#bytes += bytes;
    this.#trim();
    this.#wake();
  }

  /** Every batch after `revision`, cut down to keys that begin with `prefix`, until `signal` aborts. */
  async *watch(prefix: string, revision: number, signal: AbortSignal): AsyncGenerator<StoreBatch> {
    let seen = revision;
    while (!signal.aborted) {
      const batch = this.#next(seen);
      if (!batch) {
        await this.#change(signal);
        continue;
      }
      seen = batch.revision;
      const events = batch.events.filter((event) => keyOf(event).startsWith(prefix));
      if (events.length > 0) yield { revision: batch.revision, events };
    }
  }

  /** Ends all watches with `reason`. */
  close(reason: DamsonError): void {
    this.#closed = reason;
    this.#wake();
  }

  #next(seen: number): StoreBatch | undefined {
    if (this.#closed) throw this.#closed;
    if (seen < this.#after || seen > this.#latest) throw storeCompacted(seen);
    if (seen === this.#latest) return undefined;
    let low = 0;
    let high = this.#kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#kept[middle]?.batch.revision ?? 0) <= seen) low = middle + 1;
      else high = middle;
    }
    return this.#kept[low]?.batch;
  }

  /** Drops the older half once there is too much, so that an array of thousands is not shifted at each change. */
  #trim(): void {
    if (this.#bytes <= this.#limit) return;
    let dropped = 0;
    for (; this.#bytes > this.#limit / 2; dropped += 1) this.#bytes -= this.#kept[dropped]?.bytes ?? 0;
    this.#after = this.#kept[dropped - 1]?.batch.revision ?? this.#after;
    this.#kept = this.#kept.slice(dropped);
  }

  #change(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = () => {
      this.#waiting.delete(done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    this.#waiting.add(done);
    signal.addEventListener("abort", done);
    return promise;
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done();
  }
}

function keyOf(event: StoreEvent): string {
  return event.type === "put" ? event.entry.key : event.key;
}
