import type { Nodes } from "../nodes/nodes.ts";
import type { ControllerParts } from "../parts.ts";
import type { Statuses } from "../statuses/statuses.ts";

/** The links to agents that the controller calls. */
export class PushLinks {
  readonly #parts: ControllerParts;

  constructor(parts: ControllerParts, _nodes: Nodes, _statuses: Statuses) {
    this.#parts = parts;
  }

  /** Begins its loops, once the objects are followed. */
  async start(): Promise<void> {
    this.#parts.log.debug("PushLinks begin");
  }

  /** Ends its loops. */
  async close(): Promise<void> {
    this.#parts.log.debug("PushLinks end");
  }
}
