import { setTimeout as delay } from "node:timers/promises";
import type { Handle } from "@damson/plugin-sdk";
import type { AppSpec } from "./schema/apply.ts";
import { settingsOf } from "./spec.ts";
import { MAX_TIMER_MS } from "./wake.ts";

/** A judgement of an instance's health. */
export interface Judgement {
  readonly healthy: boolean;
  readonly message: string;
}

/**
 * Judges a run for as long as it lasts. The place where probe plugins answer: a judge is chosen by the spec, and its
 * judgements decide when an instance is healthy or unhealthy. Ends when `signal` aborts.
 */
export type HealthJudge = (spec: AppSpec, handle: Handle, signal: AbortSignal) => AsyncIterable<Judgement>;

/** The judge of specs without probes: an instance is healthy once it has run for `update.min_running`. */
export const minRunningJudge: HealthJudge = async function* (spec, handle, signal) {
  const { minRunningMs } = settingsOf(spec).update;
  // Never longer than that, whatever has happened to the clock since the start.
  let remaining = Math.min(Date.parse(handle.startedAt) + minRunningMs - Date.now(), minRunningMs);
  for (; remaining > 0; remaining -= MAX_TIMER_MS) {
    await delay(Math.min(remaining, MAX_TIMER_MS), undefined, { signal, ref: false });
  }
  yield { healthy: true, message: "Running" };
};
