import { expect, test } from "vitest";
import { LogPosition } from "./log-position.ts";

test("what it writes, it reads", () => {
  const position = LogPosition.parse(undefined, ["a-1", "a-2"]);
  position.advance("a-1", "o12.e0");
  position.advance("a-2", "o7.e9");
  position.advance("a-1", "o20.e0");
  const again = LogPosition.parse(position.toString(), []);
  expect([again.of("a-1"), again.of("a-2"), again.of("a-3")]).toEqual(["o20.e0", "o7.e9", undefined]);
});

test("a bare cursor is that of the only instance", () => {
  expect(LogPosition.parse("o1.e2", ["a-1"]).of("a-1")).toBe("o1.e2");
  expect(() => LogPosition.parse("o1.e2", ["a-1", "a-2"])).toThrow("needs ?instance=");
});

test.each(["=x", "a=", "a=1,b"])("refuses %s", (text) => {
  expect(() => LogPosition.parse(text, ["a"])).toThrow(
    expect.objectContaining({ code: "LOG_POSITION_INVALID", status: 400 }),
  );
});
