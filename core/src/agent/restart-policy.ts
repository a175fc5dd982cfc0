import type { ExitStatus } from "@damson/plugin-sdk";
import { isUnknownExit } from "@damson/plugin-sdk";
import type { RestartMode } from "./schema/apply.ts";

/** Deaths are counted within this span. */
const DEATH_WINDOW_MS = 600_000;

/** So many deaths within the window are a crash loop. */
const CRASH_LOOP_DEATHS = 5;

/** A run that was healthy for this long ends a series of failures. */
export const PROVEN_MS = 600_000;

/** Whether an instance that ended by itself is to be started again. An unknown end counts as a failure. */
export function shouldRestart(policy: RestartMode, status: ExitStatus): boolean {
  if (policy === "always") return true;
  if (policy === "never") return false;
  return isUnknownExit(status) || status.code !== 0;
}

/**
 * Milliseconds to wait before the next start: doubles with each failure in a row from `delayMs` to `maxDelayMs`,
 * ±20 % so that many apps that died together do not start together.
 *
 * @param failures failures in a row, from 1
 * @param random in [0, 1)
 */
export function restartDelayMs(
  settings: { readonly delayMs: number; readonly maxDelayMs: number },
  failures: number,
  random: () => number = Math.random,
): number {
  const doubled = settings.delayMs * 2 ** Math.min(failures - 1, 30);
  return Math.round(Math.min(doubled, settings.maxDelayMs) * (0.8 + 0.4 * random()));
}

/** The longest wait that {@link restartDelayMs} gives. */
export function longestDelayMs(settings: { readonly maxDelayMs: number }): number {
  return settings.maxDelayMs * 1.2;
}

/** The deaths that still count at `now`, with one more at `now`. */
export function withDeath(deaths: readonly string[], now: Date): readonly string[] {
  return [...recentDeaths(deaths, now), now.toISOString()].slice(-CRASH_LOOP_DEATHS);
}

/** Whether an instance with these deaths is in a crash loop at `now`. */
export function isCrashLooping(deaths: readonly string[], now: Date): boolean {
  return recentDeaths(deaths, now).length >= CRASH_LOOP_DEATHS;
}

function recentDeaths(deaths: readonly string[], now: Date): readonly string[] {
  const from = now.getTime() - DEATH_WINDOW_MS;
  return deaths.filter((death) => Date.parse(death) > from);
}
