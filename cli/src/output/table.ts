import Table from "cli-table3";
import type { Colors } from "./colors.ts";

const NO_BORDERS = Object.fromEntries(
  [
    ["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
    ["left", "left-mid", "mid", "mid-mid", "right", "right-mid", "middle"],
  ]
    .flat()
    .map((place) => [place, ""]),
);

/** A table without borders, a heading above each column. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], colors: Colors): string {
  const lines = new Table({
    head: headings.map((heading) => colors.dim(heading)),
    chars: NO_BORDERS,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
  });
  for (const row of rows) lines.push([...row]);
  return lines
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
