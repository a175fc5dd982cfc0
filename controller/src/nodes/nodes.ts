import type { ControllerParts } from "../parts.ts";

/** Nodes: their registration, leases and health, and what each of them is to run. */
export class Nodes {
  readonly #parts: ControllerParts;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
  }

  /** Begins its loops, once the objects are followed. */
  async start(): Promise<void> {
    this.#parts.log.debug("Nodes begin");
  }

  /** Ends its loops. */
  async close(): Promise<void> {
    this.#parts.log.debug("Nodes end");
  }
}
