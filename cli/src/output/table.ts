import { stripVTControlCharacters } from "node:util";
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

/** Blanks between two columns. */
const GAP = 2;
/** A last column narrower than this says nothing: then rather let the terminal wrap the line. */
const MIN_LAST = 16;

/**
 * A table without borders, a heading above each column. With a `width`, cells of the last column are cut, with `…`, so
 * that no line is longer; its heading, and the other columns, always stand in full. Where next to nothing would be left of
 * them, nothing is cut.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  colors: Colors,
  width?: number,
): string {
  const widths: (number | null)[] = headings.map(() => null);
  if (width !== undefined) {
    const others = lines(
      headings.slice(0, -1),
      rows.map((row) => row.slice(0, -1)),
      colors,
      [],
    );
    const taken = Math.max(...others.map((line) => stripVTControlCharacters(line).length));
    if (width - taken >= MIN_LAST) widths[widths.length - 1] = width - taken + GAP;
  }
  return lines(headings, rows, colors, widths)
    .map((line) => line.trimEnd())
    .join("\n");
}

function lines(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  colors: Colors,
  colWidths: (number | null)[],
): string[] {
  const all = new Table({
    head: headings.map((heading) => colors.dim(heading)),
    chars: NO_BORDERS,
    style: { head: [], border: [], "padding-left": 0, "padding-right": GAP },
    colWidths,
  });
  for (const row of rows) all.push([...row]);
  return all.toString().split("\n");
}
