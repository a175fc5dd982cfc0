import { expect, test } from "vitest";
import { byteRange } from "./byte-range.ts";

test.each([
  ["bytes=0-0", { start: 0, end: 0 }],
  ["bytes=2-5", { start: 2, end: 5 }],
  ["bytes=2-", { start: 2, end: 9 }],
  ["bytes=2-99", { start: 2, end: 9 }],
  ["bytes=-3", { start: 7, end: 9 }],
  ["bytes=-99", { start: 0, end: 9 }],
  [" Bytes = 1 - 2 ", { start: 1, end: 2 }],
  ["bytes=10-", "none"],
  ["bytes=10-12", "none"],
  ["bytes=-0", "none"],
  ["bytes=99999999999999999999-", "none"],
  [undefined, undefined],
  ["", undefined],
  ["bytes=", undefined],
  ["bytes=-", undefined],
  ["bytes=5-2", undefined],
  ["bytes=0-1,4-5", undefined],
  ["bytes=a-b", undefined],
  ["bytes=1.5-2", undefined],
  ["items=0-1", undefined],
])("%j of ten bytes is %j", (header, expected) => {
  expect(byteRange(header, 10)).toEqual(expected);
});

test("an empty file has no bytes to ask for", () => {
  expect([byteRange("bytes=0-", 0), byteRange("bytes=-1", 0), byteRange(undefined, 0)]).toEqual([
    "none",
    "none",
    undefined,
  ]);
});
