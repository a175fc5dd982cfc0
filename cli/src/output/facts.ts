import type { Colors } from "./colors.ts";

/** One thing in full: its name, and below it each fact on a line. */
export function facts(
  title: string,
  list: readonly (readonly [name: string, value: string | undefined])[],
  colors: Colors,
): string {
  const told = list.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== "");
  const width = Math.max(...told.map(([name]) => name.length));
  return [colors.bold(title), ...told.map(([name, value]) => `  ${colors.dim(name.padEnd(width))} ${value}`)].join(
    "\n",
  );
}
