import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";

const SOURCES = ["{plugin-sdk,artifact,client,core,controller,cli}/src/**/*.ts", "plugins/*/src/**/*.ts"];
const NO_SOURCE = /\.test\.ts$|\.generated\.ts$|\/(fixtures|testing)\//;

/**
 * Where codes stand: as the first argument of an error (perhaps as one of two, behind a question), as `code:` of an
 * object, or as a member of a union of codes, one a line.
 */
const PLACES =
  /(?:\bnew \w*Error|\b(?:pluginError|issuesError))\(\s*([^,;)]*?),|\bcode: ("[A-Z0-9_]+")|^\s*\| ("[A-Z0-9_]+")/gm;
const CODE = /"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)"/g;

/** Every error code that the sources of Damson below `root` can give, sorted. */
export async function errorCodes(root: string): Promise<string[]> {
  const codes = new Set<string>();
  for await (const file of glob(SOURCES, { cwd: root })) {
    if (NO_SOURCE.test(file)) continue;
    for (const code of codesIn(await readFile(join(root, file), "utf8"))) codes.add(code);
  }
  return [...codes].sort();
}

/** The error codes in one source text. */
export function codesIn(text: string): string[] {
  return [...text.matchAll(PLACES)].flatMap(([, argument, property, member]) =>
    [...(argument ?? property ?? member ?? "").matchAll(CODE)].flatMap(([, code]) => code ?? []),
  );
}
