import { jsonLines } from "./json-lines.ts";

/** A line of the engine's events. */
interface EngineMessage {
  /** As Docker names it: `die`, `health_status: healthy`, `destroy` … */
  readonly Action?: string;
  readonly Actor?: { readonly ID?: string };
  /** Seconds. */
  readonly time?: number;
}

/** Those of interest, as Docker and Podman name them. */
const ACTIONS = ["die", "died", "oom", "health_status", "destroy", "remove", "stop", "pause", "unpause"];

/**
 * The engine's stream of events. When it is cut, the next one is asked for from the last event on; what the engine itself
 * has forgotten meanwhile is made up for by listeners looking anew (`onResume`).
 */
export class EngineEvents {
  readonly #label: string;
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #resumed = new Set<() => void>();
  /** When the last event came, or the engine was first asked, in whole seconds: events of that second are heard twice, which does no harm. */
  #since: number | undefined;

  constructor(label: string) {
    this.#label = label;
  }

  /** What to ask the engine for: of health checks alone there would else be many events that nobody wants. */
  query(): { filters: string; since?: number } {
    const filters = JSON.stringify({ type: ["container"], event: ACTIONS, label: [this.#label] });
    return { filters, ...(this.#since === undefined ? {} : { since: this.#since }) };
  }

  /**
   * Nothing from this moment of the engine's own clock on must be missed. An engine answers before it listens to itself, so
   * that what happens in between would else be missed by the first stream.
   */
  beginAt(time: string): void {
    const ms = Date.parse(time);
    if (!Number.isNaN(ms)) this.#since ??= Math.floor(ms / 1_000);
  }

  /** Calls `listener` whenever something happens to the container, or may have happened unseen; returns how to end that. */
  on(id: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  /** Calls `listener` each time a new stream begins after one that was cut. */
  onResume(listener: () => void): () => void {
    this.#resumed.add(listener);
    return () => this.#resumed.delete(listener);
  }

  /** Ids of the containers that somebody listens to. */
  get watched(): readonly string[] {
    return [...this.#listeners.keys()];
  }

  /** Tells those who listen to this container to look. */
  tell(id: string): void {
    for (const listener of [...(this.#listeners.get(id) ?? [])]) listener();
  }

  /** Reads a stream until it ends or is cut. */
  async read(stream: AsyncIterable<Uint8Array | string>): Promise<void> {
    for (const listener of [...this.#resumed]) listener();
    for await (const event of jsonLines<EngineMessage>(stream)) this.#take(event);
  }

  #take({ Action, Actor, time }: EngineMessage): void {
    if (time !== undefined) this.#since = time;
    if (Action === undefined || Actor?.ID === undefined) return;
    if (ACTIONS.some((action) => Action.startsWith(action))) this.tell(Actor.ID);
  }
}
