import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoText, momentOf, momentOfDate, sinceText } from "./moment.ts";

/** Any moment of the years 1970 to 4453, to the nanosecond. */
const moment = fc.tuple(fc.integer({ min: 0, max: 36 ** 7 - 1 }), fc.integer({ min: 0, max: 999_999_999 }));
type Time = readonly [seconds: number, nanos: number];

const textOf = ([seconds, nanos]: Time): string => {
  const fraction = String(nanos).padStart(9, "0");
  return `${new Date(seconds * 1_000).toISOString().slice(0, 19)}.${fraction}Z`;
};
const known = (text: string): string => {
  const found = momentOf(text);
  if (found === undefined) throw new Error(`${text} is no timestamp`);
  return found;
};

describe("a moment", () => {
  it("compares as text as the times do", () => {
    fc.assert(
      fc.property(moment, moment, fc.boolean(), (a, b, isSameSecond) => {
        const other: Time = isSameSecond ? [a[0], b[1]] : b;
        const difference = a[0] - other[0] || a[1] - other[1];
        const [one, two] = [known(textOf(a)), known(textOf(other))];
        expect(one < two).toBe(difference < 0);
        expect(one === two).toBe(difference === 0);
      }),
    );
  });

  it("goes back to the engine exactly, and to people as ISO 8601", () => {
    fc.assert(
      fc.property(moment, (time) => {
        const text = textOf(time);
        expect(sinceText(known(text))).toBe(`${time[0]}.${String(time[1]).padStart(9, "0")}`);
        expect(isoText(known(text))).toBe(`${text.slice(0, 23)}Z`);
      }),
    );
  });

  it.each([
    ["2026-01-31T12:00:00.5Z", "2026-01-31T12:00:00.500000000Z"],
    ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000000000Z"],
    ["2026-01-31T14:30:00.25+02:30", "2026-01-31T12:00:00.250000000Z"],
    ["2026-01-30T23:00:00.000000001-13:00", "2026-01-31T12:00:00.000000001Z"],
  ])("%s is %s", (text, same) => expect(momentOf(text)).toBe(known(same)));

  it("of a second is not that of the same second of another zone", () => {
    const texts = ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00+01:00", "2026-01-31T12:00:00Z"];
    const [first, other, again] = texts.map(momentOf);
    expect(first).toBe(again);
    expect(first).not.toBe(other);
  });

  it("of a date is that of its milliseconds", () => {
    expect(momentOfDate(new Date("2026-01-31T12:00:00.123Z"))).toBe(known("2026-01-31T12:00:00.123Z"));
  });

  it.each(["0001-01-01T00:00:00Z", "1960-05-05T05:05:05.005Z", "9999-12-31T23:59:59Z", "+012026-01-01T00:00:00Z"])(
    "of %s is one that a cursor can hold",
    (text) => {
      const found = momentOfDate(new Date(text));
      expect(found).toMatch(/^[0-9a-z]{13}$/);
      expect(found < known("2026-01-31T12:00:00Z")).toBe(new Date(text) < new Date("2026-01-31"));
    },
  );

  it.each([
    "",
    "hello",
    "2026-01-31",
    "2026-01-31 12:00:00Z",
    "2026-01-31T12:00:00",
    "2026-01-31T12:00:00.Z",
    "2026-01-31T12:00:00.0000000001Z",
    "x2026-01-31T12:00:00Z",
    "2026-01-31T12:00:00Z ",
    "2026-13-41T12:00:00Z",
    "2026-01-31T25:61:00Z",
  ])("%j is none", (text) => expect(momentOf(text)).toBeUndefined());
});
