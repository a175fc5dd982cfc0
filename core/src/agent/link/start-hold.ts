import type { Logger } from "@damson/plugin-sdk";

/** Long enough for a controller that starts together with its nodes, short enough for one that is away. */
const HOLD_MS = 30_000;

/** Looks this often whether another agent still has the node's id. */
const RECHECK_MS = 1_000;

/** Why an assigned app is not started yet. */
export const HELD_REASON = "waits until the controller says that it still belongs to this node";

/** What a {@link StartHold} needs. */
export interface StartHoldParts {
  /** @default 30 s */
  readonly ms?: number | undefined;
  /** Whether another live agent has this node's id: then it may run what is assigned here. */
  isTaken(): boolean;
  release(): void;
  readonly log: Logger;
  readonly url: string;
}

/** Holds back, after a start, what is assigned and does not run: it may have been given to another node meanwhile. */
export class StartHold {
  readonly #parts: StartHoldParts;
  #timer: NodeJS.Timeout | undefined;
  #wasTaken = false;

  constructor(parts: StartHoldParts) {
    this.#parts = parts;
  }

  get isHolding(): boolean {
    return this.#timer !== undefined;
  }

  begin(): void {
    this.#timer = setTimeout(() => this.#giveUp(), this.#parts.ms ?? HOLD_MS).unref();
  }

  /** The controller has been heard, and what it took away was ended. */
  heard(): void {
    this.end();
    this.#parts.release();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #giveUp(): void {
    const { isTaken, log, release, url } = this.#parts;
    if (isTaken()) {
      this.#wasTaken = true;
      this.#timer = setTimeout(() => this.#giveUp(), RECHECK_MS).unref();
      return;
    }
    // The controller answers again: its list is on its way.
    if (this.#wasTaken) {
      this.#wasTaken = false;
      this.begin();
      return;
    }
    this.#timer = undefined;
    log.warn(
      { controller: url },
      "The controller has not been heard: the last assignments are brought about without it",
    );
    release();
  }
}
