import { expect, test } from "vitest";
import { WaitingLine } from "./waiting-line.ts";

const never = new AbortController().signal;

/** Whether a promise is settled, once everything that can go on has gone on. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise.then(() => true), Promise.resolve(false)])) === true;
}

test("so many are in at a time, and the others get in as they came", async () => {
  const line = new WaitingLine({ places: 2, waitMs: 60_000, length: 10 });
  const first = await line.enter(never);
  await line.enter(never);
  const third = line.enter(never);
  const fourth = line.enter(never);
  expect(await isSettled(third)).toBe(false);
  first?.();
  (await third)?.();
  (await fourth)?.();
  expect(await line.enter(never)).toBeTypeOf("function");
});

test("who goes away, or has waited long enough, takes no place", async () => {
  const line = new WaitingLine({ places: 1, waitMs: 20, length: 10 });
  const leave = await line.enter(never);
  expect(await line.enter(never)).toBeUndefined();
  const gone = new AbortController();
  const waiting = line.enter(gone.signal);
  gone.abort();
  expect(await waiting).toBeUndefined();
  expect(await line.enter(AbortSignal.abort())).toBeUndefined();
  leave?.();
  expect(await line.enter(never)).toBeTypeOf("function");
});

test("a line that is full takes no more", async () => {
  const line = new WaitingLine({ places: 1, waitMs: 60_000, length: 1 });
  const leave = await line.enter(never);
  const second = line.enter(never);
  expect(await line.enter(never)).toBeUndefined();
  leave?.();
  expect(await second).toBeTypeOf("function");
});
