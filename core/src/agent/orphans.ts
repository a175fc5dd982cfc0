import { errorText, type Logger, type Runtime } from "@damson/plugin-sdk";
import type { NewEvent } from "./event-log.ts";

/** How an orphan is stopped: nobody knows its spec any more. */
const ORPHAN_STOP = { signal: "SIGTERM", graceMs: 10_000 } as const;

/** Stops and removes every unit of `owner` whose instance the agent does not know. A failure is logged; the next start tries again. */
export async function sweepOrphans(
  runtimes: readonly Runtime[],
  owner: string,
  isKnown: (instanceId: string) => boolean,
  log: Logger,
  publish: (event: NewEvent) => void,
): Promise<void> {
  await Promise.all(
    runtimes.map(async (runtime) => {
      try {
        const units = await runtime.list(owner);
        for (const unit of units.filter((candidate) => !isKnown(candidate.instanceId))) {
          const { survivors } = await runtime.stop(unit, ORPHAN_STOP);
          if (survivors.length > 0) throw new Error(`${unit.instanceId} could not be ended: ${survivors.join(", ")}`);
          await runtime.remove(unit);
          publish({
            type: "instance.orphan_removed",
            instance_id: unit.instanceId,
            message: `found by ${runtime.name}`,
          });
        }
      } catch (thrown) {
        log.error({ runtime: runtime.name }, `the orphan sweep failed: ${errorText(thrown)}`);
      }
    }),
  );
}
