import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, test } from "vitest";

/**
 * `describe` for cases that need something which not every machine has. Where it is absent the cases are skipped, under a
 * name that says why; with DAMSON_REQUIRE_ENGINES set its absence is a failure.
 *
 * @param name what is needed, e.g. `nginx`
 */
export function requireOrSkip(name: string, available: boolean): (title: string, cases: () => void) => void {
  if (available) return (title, cases) => void describe(title, cases);
  if (process.env.DAMSON_REQUIRE_ENGINES) {
    return (title) =>
      test(title, () => {
        throw new Error(`DAMSON_REQUIRE_ENGINES is set, but this needs ${name}`);
      });
  }
  return (title, cases) => void describe.skip(`${title} [left out: needs ${name}]`, cases);
}

/** Path of a program, looked for in PATH and where Debian puts servers. */
export function findProgram(name: string): string | undefined {
  const directories = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
