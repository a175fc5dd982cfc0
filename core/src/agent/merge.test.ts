import { expect, test } from "vitest";
import { merge } from "./merge.ts";

async function* from(...items: number[]): AsyncGenerator<number> {
  yield* items;
}

const ascending = (a: number, b: number) => a - b;

test("brings the items of all sources in order", async () => {
  const merged = await Array.fromAsync(merge([from(1, 4, 9), from(), from(2, 3, 10)], ascending));
  expect(merged).toEqual([1, 2, 3, 4, 9, 10]);
});

test("takes equal items in the order of their sources", async () => {
  const tagged = (tag: string) =>
    (async function* () {
      yield { tag, value: 1 };
    })();
  const merged = await Array.fromAsync(merge([tagged("a"), tagged("b")], (a, b) => a.value - b.value));
  expect(merged.map((item) => item.tag)).toEqual(["a", "b"]);
});

test("ends its sources when the reader stops early, and passes on what they throw", async () => {
  let ended = false;
  async function* endless(): AsyncGenerator<number> {
    try {
      for (let number = 0; ; number += 1) yield number;
    } finally {
      ended = true;
    }
  }
  for await (const item of merge([endless()], ascending)) if (item === 3) break;
  expect(ended).toBe(true);

  // biome-ignore lint/correctness/useYield: a source that fails before its first item
  async function* failing(): AsyncGenerator<number> {
    throw new Error("no more");
  }
  await expect(Array.fromAsync(merge([from(1), failing()], ascending))).rejects.toThrow("no more");
});
