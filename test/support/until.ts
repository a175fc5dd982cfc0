import { setTimeout } from "node:timers/promises";

const LONGEST_PAUSE_MS = 50;

/**
 * Asks `check` until it gives something other than `undefined` and `false`, ever less often.
 *
 * @param what names the condition when it does not come true
 * @throws Error after `deadlineMs`, with what `check` threw last, if anything. @default 20 s
 */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  deadlineMs = 20_000,
): Promise<Exclude<T, undefined | false>> {
  const end = performance.now() + deadlineMs;
  for (let pause = 5; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    let thrown: unknown;
    try {
      const found = await check();
      if (isSomething(found)) return found;
    } catch (error) {
      thrown = error;
    }
    if (performance.now() > end) throw new Error(`not within ${deadlineMs / 1_000} s: ${what}`, { cause: thrown });
    await setTimeout(pause);
  }
}

function isSomething<T>(value: T): value is Exclude<T, undefined | false> {
  return value !== undefined && value !== false;
}
