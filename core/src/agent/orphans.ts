import { errorText, isRuntimeUnavailable, type Logger, type Runtime } from "@damson/plugin-sdk";
import type { NewEvent } from "../http/index.ts";

/** How an orphan is stopped: nobody knows its spec any more. */
const ORPHAN_STOP = { signal: "SIGTERM", graceMs: 10_000 } as const;

/** What an {@link OrphanSweep} stands on. */
export interface SweepContext {
  readonly owner: string;
  readonly log: Logger;
  isKnown(instanceId: string): boolean;
  publish(event: NewEvent): void;
}

/** Stops and removes every unit of `owner` whose instance the agent does not know: with each runtime once. */
export class OrphanSweep {
  readonly #context: SweepContext;
  readonly #swept = new WeakSet<Runtime>();

  constructor(context: SweepContext) {
    this.#context = context;
  }

  /** Sweeps those that were not swept yet. A failure is logged; the next start of the agent tries again. */
  async sweep(runtimes: readonly Runtime[]): Promise<void> {
    await Promise.all(
      runtimes.filter((runtime) => !this.#swept.has(runtime)).map((runtime) => this.#sweepOne(runtime)),
    );
  }

  async #sweepOne(runtime: Runtime): Promise<void> {
    this.#swept.add(runtime);
    try {
      await this.#removeOrphans(runtime);
    } catch (thrown) {
      // It is swept when it is usable again.
      if (isRuntimeUnavailable(thrown)) this.#swept.delete(runtime);
      this.#context.log.error({ runtime: runtime.name }, `the orphan sweep failed: ${errorText(thrown)}`);
    }
  }

  async #removeOrphans(runtime: Runtime): Promise<void> {
    const { owner, log, isKnown, publish } = this.#context;
    const units = await runtime.list(owner);
    for (const unit of units.filter(({ instanceId }) => !isKnown(instanceId))) {
      try {
        const { survivors } = await runtime.stop(unit, ORPHAN_STOP);
        if (survivors.length > 0) throw new Error(`still there: ${survivors.join(", ")}`);
        await runtime.remove(unit);
      } catch (thrown) {
        if (isRuntimeUnavailable(thrown)) throw thrown;
        // One that cannot be removed keeps none of the others.
        log.error({ runtime: runtime.name }, `the orphan ${unit.instanceId} was not removed: ${errorText(thrown)}`);
        continue;
      }
      publish({ type: "instance.orphan_removed", instance_id: unit.instanceId, message: `found by ${runtime.name}` });
    }
  }
}
