import type { MeteredUsage } from "./usage-meter.ts";

/** An instance of which nothing came for so long has ended. */
const GONE_MS = 5_000;

/** The last sample of each instance that runs. Of the time while the agent is away, nobody knows what ended. */
export class PresentUsage {
  readonly #seen = new Map<string, { readonly usage: MeteredUsage; readonly at: number }>();
  readonly #now: () => number;
  #heldSince: number | undefined;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  add(usage: MeteredUsage): void {
    this.#seen.set(usage.instance_id, { usage, at: this.#now() });
  }

  /** The agent is away: what is present stays so. */
  hold(): void {
    this.#heldSince ??= this.#now();
  }

  /** The agent is back: what was present has its time to be heard of. */
  release(): void {
    if (this.#heldSince === undefined) return;
    for (const usage of this.list()) this.add(usage);
    this.#heldSince = undefined;
  }

  /** Those that run, by instance id. */
  list(): MeteredUsage[] {
    const since = (this.#heldSince ?? this.#now()) - GONE_MS;
    const present = [...this.#seen.values()].filter(({ at }) => at > since).map(({ usage }) => usage);
    return present.toSorted((a, b) => (a.instance_id < b.instance_id ? -1 : 1));
  }
}
