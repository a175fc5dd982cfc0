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

  /** Plans a deployment now, until there is nothing left to do at once. */
  async settle(deploymentId: string): Promise<void> {
    this.#parts.log.debug({ deploymentId }, "A deployment settles");
  }

  /** Ends its loops. */
  async close(): Promise<void> {
    this.#parts.log.debug("Deployments end");
  }
}
