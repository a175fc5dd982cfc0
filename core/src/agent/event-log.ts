import { randomBytes } from "node:crypto";
import type { AgentEvent } from "./schema/records.ts";

/** How many events are kept for those who come back. */
const KEPT_EVENTS = 2_000;

/** How many events a slow subscriber may fall behind before it is told that it lost some. */
const SUBSCRIBER_QUEUE = 5_000;

/** What a publisher gives; id and time are added. */
export type NewEvent = Omit<AgentEvent, "id" | "time"> & { readonly type: string };

/**
 * The agent's events, newest kept in memory. Ids are `<epoch>-<number>`; the epoch is new with each start of the agent,
 * so that a subscriber who missed events learns it (by an event of type `events.lost`) instead of being told nothing.
 */
export class EventLog {
  readonly #epoch = randomBytes(4).toString("hex");
  readonly #kept: AgentEvent[] = [];
  readonly #listeners = new Set<(event: AgentEvent) => void>();
  readonly #now: () => Date;
  #count = 0;

  constructor(now: () => Date = () => new Date()) {
    this.#now = now;
  }

  publish(event: NewEvent): AgentEvent {
    this.#count += 1;
    const full: AgentEvent = { ...event, id: `${this.#epoch}-${this.#count}`, time: this.#now().toISOString() };
    this.#kept.push(full);
    if (this.#kept.length > KEPT_EVENTS) this.#kept.shift();
    for (const listener of this.#listeners) listener(full);
    return full;
  }

  /** Calls `listener` with each event from now on; returns how to end that. A listener must not throw. */
  listen(listener: (event: AgentEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * What is kept since the event with id `after`, oldest first; all that is kept without one. Begins with an
   * `events.lost` when events in between are no longer known.
   */
  since(after?: string): readonly AgentEvent[] {
    if (after === undefined) return [...this.#kept];
    const [epoch, number] = splitId(after);
    const first = this.#count - this.#kept.length + 1;
    if (epoch === this.#epoch && number >= first - 1 && number <= this.#count) {
      return this.#kept.slice(number - first + 1);
    }
    return [this.#lost(`${this.#epoch}-${first - 1}`), ...this.#kept];
  }

  /** `since(after)` if given, and then every new event until `signal` aborts. */
  async *follow(after: string | undefined, signal: AbortSignal): AsyncGenerator<AgentEvent> {
    const queue: AgentEvent[] = after === undefined ? [] : [...this.since(after)];
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

  #lost(id: string): AgentEvent {
    return {
      id,
      time: this.#now().toISOString(),
      type: "events.lost",
      message: "Events before this one are no longer known; read the status anew.",
    };
  }
}

function splitId(id: string): [epoch: string, number: number] {
  const [epoch = "", number = ""] = id.split("-");
  return [epoch, Number.parseInt(number, 10)];
}
