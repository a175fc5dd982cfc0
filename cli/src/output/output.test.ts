import { stripVTControlCharacters } from "node:util";
import picocolors from "picocolors";
import { expect, it } from "vitest";
import { ago, size, span } from "./human.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";

const colors = picocolors.createColors(false);

it.each([
  [-5, "0s"],
  [999, "0s"],
  [42_000, "42s"],
  [119_000, "1m"],
  [7_199_000, "1h"],
  [86_400_000 * 12, "12d"],
])("says %d ms as %s", (ms, text) => {
  expect(span(ms)).toBe(text);
});

it("says how long ago a time was", () => {
  const now = Date.parse("2026-01-01T00:10:00Z");
  expect(ago("2026-01-01T00:07:00Z", now)).toBe("3m ago");
  expect(ago("2026-01-01T00:09:59.500Z", now)).toBe("just now");
  expect(ago(null)).toBe("-");
  expect(ago("whenever")).toBe("whenever");
});

it.each([
  [0, "0 B"],
  [1_023, "1023 B"],
  [1_536, "1.5 KiB"],
  [200 * 2 ** 20, "200 MiB"],
  [5 * 2 ** 50, "5120 TiB"],
])("says %d bytes as %s", (bytes, text) => {
  expect(size(bytes)).toBe(text);
});

it("lets no escape sequence or line break through", () => {
  expect(plain("a\x1b[31mred\x1b[0m\r\nb\x07")).toBe("ared b ");
});

it("sets columns below each other, without borders or trailing blanks", () => {
  const text = table(
    ["APP", "PHASE"],
    [
      ["a", "running"],
      ["shop-api", ""],
    ],
    colors,
  );
  expect(text.split("\n")).toEqual(["APP       PHASE", "a         running", "shop-api"]);
});

it("cuts the last column to the width, wherever its text or another is longer", () => {
  const rows = [
    ["a", "it cannot be reached at all"],
    ["shop-api", "short"],
  ];
  const cut = ["APP       REASON", "a         it cannot be reac…", "shop-api  short"];
  expect(table(["APP", "REASON"], rows, colors, 28).split("\n")).toEqual(cut);
  const coloured = picocolors.createColors(true);
  expect(stripVTControlCharacters(table(["APP", "REASON"], rows, coloured, 28)).split("\n")).toEqual(cut);
  expect(table(["APP", "REASON"], rows, colors, 25)).toContain("at all");
  expect(table(["APP", "REASON"], rows, colors)).toContain("at all");
});
