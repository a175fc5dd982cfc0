import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 10;

/** The outcome of `work`, or a rejection that names `what` when it takes longer than `ms`. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const expired = Promise.withResolvers<never>();
  const timer = setTimeout(() => expired.reject(new Error(`${what}: not within ${ms} ms`)), ms);
  try {
    return await Promise.race([work, expired.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** `work`, to be awaited after something else: until then its rejection is nobody's. */
export function meanwhile<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/** What `check` resolves with as soon as it does not throw; after `ms` a rejection with what it threw last. */
export async function eventually<T>(ms: number, check: () => Promise<T>): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    try {
      return await check();
    } catch (thrown) {
      if (performance.now() >= end) throw thrown;
      await delay(POLL_MS);
    }
  }
}

/** Looks on for `ms`, and rejects as soon as `check` throws. For what must not happen. */
export async function staysTrue(ms: number, check: () => Promise<void>): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    await check();
    await delay(POLL_MS);
  }
  await check();
}

/**
 * Takes the values of `source` until one is `last`, or until it ends; each must come within `ms`. The source is left
 * without being told when it does not answer in time.
 */
export async function take<T>(
  ms: number,
  what: string,
  source: AsyncIterable<T>,
  last: (value: T) => boolean = () => false,
): Promise<T[]> {
  const values: T[] = [];
  const iterator = source[Symbol.asyncIterator]();
  for (;;) {
    const next = await within(ms, `${what}, after ${values.length} values`, iterator.next());
    if (next.done === true) return values;
    values.push(next.value);
    if (last(next.value)) {
      await within(ms, `${what}: leaving the iteration`, Promise.resolve(iterator.return?.()));
      return values;
    }
  }
}
