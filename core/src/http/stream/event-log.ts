import { randomBytes } from "node:crypto";

/** How many events are kept for those who come back. */
const KEPT_EVENTS = 2_000;

/** How many events a slow subscriber may fall behind before it is told that it lost some. */
const SUBSCRIBER_QUEUE = 5_000;

/** An event as it is kept and sent. */
export type LoggedEvent = {
  readonly id: string;
  /** ISO 8601. */
  readonly time: string;
  /** Dotted, past tense, e.g. `instance.exited`. */
  readonly type: string;
  readonly message?: string;
};

/** What a publisher gives; id and time are added. */
export type NewEvent = { readonly type: string; readonly message?: string } & Readonly<Record<string, unknown>>;

/**
 * The events of a server, newest kept in memory. Ids are `<epoch>-<number>`; the epoch is new with each start of the server,
 * so that a subscriber who missed events learns it (by an event of type `events.lost`) instead of being told nothing.
 */
export class EventLog {
  readonly #epoch = randomBytes(4).toString("hex");
  readonly #kept: LoggedEvent[];
  readonly #listeners = new Set<(event: LoggedEvent) => void>();
  readonly #now: () => Date;
  #count = 0;
  /** Id of the last event that is no longer kept. */
  #before = `${this.#epoch}-0`;

  /** `earlier`: what an earlier server kept, oldest first; its ids stay good. */
  constructor(now: () => Date = () => new Date(), earlier: readonly LoggedEvent[] = []) {
    this.#now = now;
    this.#kept = earlier.slice(-KEPT_EVENTS);
  }

  publish(event: NewEvent): LoggedEvent {
    this.#count += 1;
    const full: LoggedEvent = { ...event, id: `${this.#epoch}-${this.#count}`, time: this.#now().toISOString() };
    this.#kept.push(full);
    if (this.#kept.length > KEPT_EVENTS) this.#before = this.#kept.shift()?.id ?? this.#before;
    for (const listener of this.#listeners) listener(full);
    return full;
  }

  /** Calls `listener` with each event from now on; returns how to end that. A listener must not throw. */
  listen(listener: (event: LoggedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * What is kept since the event with id `after`, oldest first; all that is kept without one. Begins with an
   * `events.lost` when events in between are no longer known.
   */
  since(after?: string): readonly LoggedEvent[] {
    if (after === undefined || after === this.#before) return [...this.#kept];
    const at = this.#kept.findLastIndex(({ id }) => id === after);
    return at >= 0 ? this.#kept.slice(at + 1) : [this.#lost(this.#before), ...this.#kept];
  }

  /** `since(after)` if given, and then every new event until `signal` aborts. */
  async *follow(after: string | undefined, signal: AbortSignal): AsyncGenerator<LoggedEvent> {
    const queue: LoggedEvent[] = after === undefined ? [] : [...this.since(after)];
    let wake = (): void => {};
    const unlisten = this.listen((event) => {
      if (queue.length >= SUBSCRIBER_QUEUE) queue.splice(0, queue.length, this.#lost(event.id));
      queue.push(event);
      wake();
    });
    const onAbort = (): void => wake();
    signal.addEventListener("abort", onAbort);
    try {
      while (!signal.aborted) {
        const next = queue.shift();
        if (next) yield next;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      unlisten();
      signal.removeEventListener("abort", onAbort);
    }
  }

  #lost(id: string): LoggedEvent {
    return {
      id,
      time: this.#now().toISOString(),
      type: "events.lost",
      message: "Events before this one are no longer known; read the status anew.",
    };
  }
}
