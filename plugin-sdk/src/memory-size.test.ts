import fc from "fast-check";
import { Value } from "typebox/value";
import { describe, expect, it } from "vitest";
import { isDamsonError } from "./error.ts";
import { MemorySizeSchema, memoryBytes } from "./memory-size.ts";

const INVALID = ["", "m", "-1m", "1 m", "1m ", "1e3", ".5g", "5.g", "1x", "5i", "5ib", "5bb", "5bi", "1mm", "1m\n"];

describe("memoryBytes", () => {
  it.each([
    ["1", 1],
    ["512b", 512],
    ["1k", 1_024],
    ["64Mi", 67_108_864],
    ["64MiB", 67_108_864],
    ["64mb", 67_108_864],
    ["512m", 536_870_912],
    ["1.5g", 1_610_612_736],
    ["2T", 2_199_023_255_552],
    [1_000, 1_000],
  ])("reads %j as %j bytes", (size, bytes) => {
    expect(memoryBytes(size)).toBe(bytes);
    expect(Value.Check(MemorySizeSchema(), size)).toBe(true);
  });

  it("gives whole bytes", () => {
    expect(memoryBytes("0.3k")).toBe(307);
  });

  it.each([...INVALID, -1, 0, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses %j, as its schema does", (size) => {
    expect(() => memoryBytes(size)).toThrow(
      expect.toSatisfy((error) => isDamsonError(error) && error.code === "SIZE_INVALID" && error.status === 400),
    );
    expect(Value.Check(MemorySizeSchema(), size)).toBe(false);
  });

  it("reads every text that its schema accepts, and no other", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[0-9.]{0,4}[bkmgtBKMGTix]{0,3}$/),
      fc.stringMatching(/^[0-9]{1,6}(\.[0-9]{1,3})?[kmgt]i?b?$/),
    );
    fc.assert(
      fc.property(texts, (text) => {
        if (Value.Check(MemorySizeSchema(), text)) expect(memoryBytes(text)).toBeGreaterThanOrEqual(0);
        else expect(() => memoryBytes(text)).toThrow(/is not a size/);
      }),
    );
  });
});
