import { expect, it } from "vitest";
import { amountsOf, bytesInWords, coresInWords } from "./amounts.ts";

it("takes fractions of a core for whole numbers that add up", () => {
  expect(3 * amountsOf({ cpu: 0.1 }, 0).cpu).toBe(amountsOf({ cpu: 0.3 }, 0).cpu);
  expect(amountsOf({ cpu: 1.001 }, 0).cpu).toBe(1_001_000);
});

it("takes what is absent for what it means there", () => {
  expect(amountsOf({}, 0)).toEqual({ cpu: 0, memory: 0 });
  expect(amountsOf({}, Number.POSITIVE_INFINITY)).toEqual({ cpu: Infinity, memory: Infinity });
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
  expect(coresInWords(amountsOf({ cpu: 0.3 }, 0).cpu)).toBe("0.3");
});
