import { setTimeout as delay } from "node:timers/promises";
import { isDamsonError } from "../error.ts";
import type { Handle } from "./handle.ts";
import type { Runtime } from "./runtime.ts";
import type { ResourceUsage } from "./usage.ts";

/** Time between two questions to a runtime that has no `watchStats`, in milliseconds. */
const EVERY_MS = 1_000;

/**
 * What a unit uses, about once a second, until its run has ended or `signal` aborts: by the runtime's `watchStats`, else
 * by its `stats`.
 *
 * @throws what the runtime throws, but for the end of the run.
 */
export async function* watchUsage(
  runtime: Pick<Runtime, "stats" | "watchStats">,
  handle: Handle,
  signal: AbortSignal,
): AsyncGenerator<ResourceUsage, void> {
  try {
    if (runtime.watchStats) return yield* runtime.watchStats(handle, signal);
    while (!signal.aborted) {
      yield await runtime.stats(handle);
      await delay(EVERY_MS, undefined, { signal });
    }
  } catch (thrown) {
    if (signal.aborted || (isDamsonError(thrown) && thrown.code === "NOT_RUNNING")) return;
    throw thrown;
  }
}
