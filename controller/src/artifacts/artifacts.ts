import type { ControllerParts } from "../parts.ts";

/** Uploaded archives, in files of the data directory. */
export class Artifacts {
  readonly #parts: ControllerParts;

  constructor(parts: ControllerParts) {
    this.#parts = parts;
  }

  /** Begins its loops, once the objects are followed. */
  async start(): Promise<void> {
    this.#parts.log.debug("Artifacts begin");
  }

  /** Ends its loops. */
  async close(): Promise<void> {
    this.#parts.log.debug("Artifacts end");
  }
}
