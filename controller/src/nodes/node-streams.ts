import { addAbortListener } from "node:events";
import type { SseEvent } from "@damson/core/http";
import type { ControllerParts } from "../parts.ts";
import type { NodeLists } from "./node-lists.ts";

/** A node needs one; half-open ones of a bad network must not pile up. */
const MAX_PER_NODE = 8;

/** The streams by which agents are told to fetch their lists. */
export class NodeStreams {
  readonly #controllerId: string;
  readonly #lists: NodeLists;
  readonly #open = new Map<string, Set<Nudge>>();
  #count = 0;

  constructor({ controllerId }: Pick<ControllerParts, "controllerId">, lists: NodeLists) {
    this.#controllerId = controllerId;
    this.#lists = lists;
    lists.onChange((nodeId) => {
      for (const nudge of this.#open.get(nodeId) ?? []) nudge.push();
    });
  }

  /** How many are open. */
  get count(): number {
    return this.#count;
  }

  /**
   * What a node's stream says: `ping` at once, and `update` whenever its list has changed since the last one. A client that
   * comes back with the id of a list which is no longer the newest gets its `update` at once.
   */
  async *events(nodeId: string, lastEventId: string | undefined, signal: AbortSignal): AsyncGenerator<SseEvent> {
    const nudge = new Nudge(signal);
    this.#add(nodeId, nudge);
    try {
      const id = this.#idOf(nodeId);
      yield { id, event: "ping", text: "init" };
      if (lastEventId !== undefined && lastEventId !== id) nudge.push();
      while (await nudge.next()) yield { id: this.#idOf(nodeId), event: "update", text: "assignments" };
    } finally {
      this.#remove(nodeId, nudge);
    }
  }

  #idOf(nodeId: string): string {
    return `${this.#controllerId}-${this.#lists.revisionOf(nodeId)}`;
  }

  #add(nodeId: string, nudge: Nudge): void {
    const open = this.#open.get(nodeId) ?? new Set();
    this.#open.set(nodeId, open.add(nudge));
    this.#count += 1;
    const [oldest] = open;
    if (open.size > MAX_PER_NODE) oldest?.end();
  }

  #remove(nodeId: string, nudge: Nudge): void {
    const open = this.#open.get(nodeId);
    open?.delete(nudge);
    if (open?.size === 0) this.#open.delete(nodeId);
    this.#count -= 1;
  }
}

/** Says that something has changed: once, however often it did before anybody asked. */
class Nudge {
  readonly #signal: AbortSignal;
  #due = false;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  push(): void {
    this.#due = true;
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** @returns false when there is nothing more to come */
  async next(): Promise<boolean> {
    using _ = addAbortListener(this.#signal, () => this.end());
    if (!this.#due && !this.#ended) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#due = false;
    return !this.#ended;
  }
}
