/**
 * Milliseconds before try number `attempt` (from 1) of something that failed: doubles from 0.2 s to 30 s, ±20 %.
 */
export function retryDelayMs(attempt: number, random: () => number = Math.random): number {
  return Math.round(Math.min(200 * 2 ** Math.min(attempt - 1, 20), 30_000) * (0.8 + 0.4 * random()));
}
