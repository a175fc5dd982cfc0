import type { StoreBatch, StoreEvent } from "../../store/entry.ts";
import type { Store } from "../../store/store.ts";

/** A watch and all that it has told so far. */
export class Watching {
  readonly batches: StoreBatch[] = [];
  /** Resolves with what ended it: an error, or `undefined`. */
  readonly ended: Promise<unknown>;
  readonly #end = new AbortController();

  constructor(store: Store, prefix: string, revision: number) {
    this.ended = this.#read(store.watch(prefix, revision, this.#end.signal)).then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  /** What it told, e.g. `put a/1`, `delete a/1`. */
  get told(): string[] {
    return this.batches.flatMap(({ events }) => events.map(eventText));
  }

  abort(): void {
    this.#end.abort();
  }

  async #read(source: AsyncIterable<StoreBatch>): Promise<void> {
    for await (const batch of source) this.batches.push(batch);
  }
}

/** `put a/1` or `delete a/1`. */
export function eventText(event: StoreEvent): string {
  return event.type === "put" ? `put ${event.entry.key}` : `delete ${event.key}`;
}
