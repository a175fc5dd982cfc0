import type { ControllerParts } from "../parts.ts";

/** Deployments: keeps what they declare true over the nodes. */
export class Deployments {
  readonly #parts: ControllerParts;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
  }

  /** Begins its loops, once the objects are followed. */
  async start(): Promise<void> {
    this.#parts.log.debug("Deployments begin");
  }

  /** Ends its loops. */
  async close(): Promise<void> {
    this.#parts.log.debug("Deployments end");
  }
}
