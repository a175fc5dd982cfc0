import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cursorOf, type LogPosition, parseCursor, positionBefore, type StreamPosition } from "./cursor.ts";
import { momentOfDate } from "./moment.ts";

/** The highest count that a cursor holds. */
const MOST_OF_MOMENT = 36 ** 6 - 1;
const date = fc.date({ min: new Date(0), max: new Date("4000-12-31"), noInvalidDate: true });
const position = fc.record<StreamPosition>({
  moment: date.map(momentOfDate),
  count: fc.integer({ min: 0, max: MOST_OF_MOMENT }),
});
const anywhere = fc.record<LogPosition>(
  { run: fc.integer({ min: 0, max: 2 ** 31 }), stdout: position, stderr: position },
  { requiredKeys: ["run"] },
);

describe("a cursor", () => {
  it("leads back to the same position, and is safe in addresses and headers", () => {
    fc.assert(
      fc.property(anywhere, (from) => {
        expect(parseCursor(cursorOf(from))).toEqual(from);
        expect(cursorOf(from)).toMatch(/^[0-9A-Za-z]{1,60}$/);
      }),
    );
  });

  it("is another one for every other position", () => {
    fc.assert(
      fc.property(anywhere, anywhere, (a, b) => {
        expect(cursorOf(a) === cursorOf(b)).toBe(
          JSON.stringify(parseCursor(cursorOf(a))) === JSON.stringify(parseCursor(cursorOf(b))),
        );
      }),
    );
  });

  it("holds a count that is too large for it as the largest", () => {
    const moment = momentOfDate(new Date(0));
    expect(parseCursor(cursorOf({ run: 1, stdout: { moment, count: MOST_OF_MOMENT + 5 } }))).toMatchObject({
      stdout: { count: MOST_OF_MOMENT },
    });
  });

  it("stands for what is before a moment in both streams", () => {
    const at = positionBefore(3, momentOfDate(new Date()));
    expect(parseCursor(cursorOf(at))).toEqual(at);
    expect(at.stdout).toEqual(at.stderr);
  });

  it.each([
    "",
    "R",
    "1",
    "R1O",
    "R1O123",
    "R1X00000000000001",
    "R1E00000000000001O00000000000001",
    "R1O00000000000001O00000000000001",
    "r1",
    "R-1",
    "R1\n",
    "../x",
    "R123456789",
  ])("%j is none", (text) => {
    expect(() => parseCursor(text)).toThrow(
      expect.objectContaining({ code: "LOG_CURSOR_INVALID", status: 400, remedy: expect.any(String) }),
    );
  });

  it("that is none is shown in part only", () => {
    expect(() => parseCursor("x".repeat(10_000))).toThrow(/^.{1,100}$/);
  });
});
