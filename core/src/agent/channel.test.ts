import { expect, test } from "vitest";
import { Channel } from "./channel.ts";

test("a writer waits until its item was taken", async () => {
  const channel = new Channel<number>();
  let taken = 0;
  for (const item of [1, 2, 3]) void channel.put(item).then(() => (taken += 1));
  const reader = channel.read();
  expect((await reader.next()).value).toBe(1);
  expect(taken).toBe(0);
  expect((await reader.next()).value).toBe(2);
  expect(taken).toBe(1);
});

test("closing ends the reader and lets the writers go", async () => {
  const channel = new Channel<number>();
  const next = channel.read().next();
  channel.close();
  expect((await next).done).toBe(true);
  await channel.put(1);
});

test("a failure comes after what was put before it", async () => {
  const channel = new Channel<number>();
  void channel.put(1);
  channel.fail(new Error("broken"));
  const reader = channel.read();
  expect((await reader.next()).value).toBe(1);
  await expect(reader.next()).rejects.toThrow("broken");
});
