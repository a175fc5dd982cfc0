import { expect, it } from "vitest";
import { amountsOf, bytesInWords, coresInWords } from "./amounts.ts";

it("takes fractions of a core for whole numbers that add up", () => {
  const tenth = amountsOf({ cpu: 0.1 }).cpu ?? 0;
  expect(3 * tenth).toBe(amountsOf({ cpu: 0.3 }).cpu);
  expect(amountsOf({ cpu: 1.001 }).cpu).toBe(1_001_000);
});

it("keeps what is absent absent", () => {
  expect(amountsOf({})).toEqual({ cpu: undefined, memory: undefined });
});

it.each([
  [0, "0 B"],
  [1_023, "1023 B"],
  [1_024, "1 KiB"],
  [1.5 * 2 ** 30, "1.5 GiB"],
  [2 ** 62, "4096 PiB"],
])("says %d bytes as %s", (bytes, words) => {
  expect(bytesInWords(bytes)).toBe(words);
});

it("says cores as they were given", () => {
  expect(coresInWords(amountsOf({ cpu: 0.3 }).cpu ?? 0)).toBe("0.3");
});
