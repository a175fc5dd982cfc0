import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { GatedWorker, linkRetryMs } from "./gated-worker.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A worker that runs until the test ends, and what it did. */
function worker(outcomes: (() => void)[] = []) {
  const done: number[] = [];
  const failures: string[] = [];
  const ended = new AbortController();
  const made = new GatedWorker({
    async work() {
      done.push(done.length);
      outcomes.shift()?.();
    },
    failed: (reason, attempt) => failures.push(`${attempt} ${reason}`),
  });
  const running = made.run(ended.signal);
  return { made, done, failures, running, ended };
}
const pass = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const fail = (): never => {
  throw new Error("no");
};

describe("a worker", () => {
  test("works once for all pokes of a closed gate, when it opens", async () => {
    const { made, done } = worker();
    made.poke();
    made.poke();
    await pass(100_000);
    expect(done).toHaveLength(0);
    made.open();
    await pass();
    expect(done).toHaveLength(1);
    made.poke();
    await pass();
    expect(done).toHaveLength(2);
  });

  test("tries again later and later, and not for pokes; an opened gate is tried at once", async () => {
    const { made, done, failures } = worker([fail, fail, fail]);
    made.open();
    await pass();
    made.poke();
    await pass(700);
    expect(done).toHaveLength(1);
    await pass(600);
    expect(failures).toEqual(["1 no", "2 no"]);
    made.close();
    await pass(60_000);
    expect(done).toHaveLength(2);
    made.open();
    await pass();
    expect(failures).toEqual(["1 no", "2 no", "3 no"]);
    made.open();
    await pass();
    expect(done).toHaveLength(4);
  });

  test("ends when it is told to, wherever it waits", async () => {
    for (const outcomes of [[], [fail]]) {
      const { made, running, ended } = worker(outcomes);
      made.open();
      await pass();
      ended.abort();
      await running;
    }
  });
});

test("the wait before a try doubles from a second to half a minute", () => {
  for (const [attempt, ms] of [
    [1, 1_000],
    [3, 4_000],
    [6, 30_000],
    [1_000, 30_000],
  ] as const) {
    expect(linkRetryMs(attempt)).toBeGreaterThanOrEqual(ms * 0.8);
    expect(linkRetryMs(attempt)).toBeLessThanOrEqual(ms * 1.2);
  }
});
