import fc from "fast-check";
import { Value } from "typebox/value";
import { describe, expect, it } from "vitest";
import { DurationSchema, durationMs } from "./duration.ts";
import { isDamsonError } from "./error.ts";

const INVALID = ["", "10", "s", "-1s", "1 s", "1s ", "1e3s", ".5s", "5.s", "1S", "1w", "0x1s", "1s\n", "1m30s", "١s"];

describe("durationMs", () => {
  it.each([
    ["0", 0],
    ["500ms", 500],
    ["0.5s", 500],
    ["10s", 10_000],
    ["5m", 300_000],
    ["2h", 7_200_000],
    ["7d", 604_800_000],
    [0, 0],
    [1.5, 1_500],
  ])("reads %j as %j ms", (duration, ms) => {
    expect(durationMs(duration)).toBe(ms);
    expect(Value.Check(DurationSchema(), duration)).toBe(true);
  });

  it.each([...INVALID, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses %j, as its schema does", (duration) => {
    expect(() => durationMs(duration)).toThrow(
      expect.toSatisfy((error) => isDamsonError(error) && error.code === "DURATION_INVALID" && error.status === 400),
    );
    expect(Value.Check(DurationSchema(), duration)).toBe(false);
  });

  it("reads every text that its schema accepts, and no other", () => {
    const texts = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[0-9.]{0,4}(ms|s|m|h|d|x)?$/),
      fc.stringMatching(/^[0-9]{1,6}(\.[0-9]{1,3})?(ms|s|m|h|d)$/),
    );
    fc.assert(
      fc.property(texts, (text) => {
        if (Value.Check(DurationSchema(), text)) expect(durationMs(text)).toBeGreaterThanOrEqual(0);
        else expect(() => durationMs(text)).toThrow(/is not a duration/);
      }),
    );
  });
});

describe("DurationSchema", () => {
  it("refuses what is no duration at all", () => {
    for (const value of [null, true, {}, ["1s"]]) expect(Value.Check(DurationSchema(), value)).toBe(false);
  });

  it("carries description and default", () => {
    expect(DurationSchema({ description: "how long", default: "10s" })).toMatchObject({
      description: "how long",
      default: "10s",
    });
  });
});
