import picocolors from "picocolors";

/** Colours for one stream; each function returns its text unchanged where colours are off. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** Colours are on for a terminal, unless NO_COLOR is set or `--no-color` was given (https://no-color.org). */
export function colorsFor(stream: { readonly isTTY?: boolean }, wanted: boolean): Colors {
  const { NO_COLOR, TERM } = process.env;
  return picocolors.createColors(wanted && !NO_COLOR && TERM !== "dumb" && stream.isTTY === true);
}
