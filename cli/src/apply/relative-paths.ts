import { isAbsolute, resolve } from "node:path";

/** Paths of a package that are meant relative to the file that declares them. */
const PATH_KEYS = ["working_dir", "path"];

/** Types whose `working_dir` is inside of a container, and so has nothing to do with the folder of a file. */
const IN_CONTAINERS = ["docker"];

/**
 * Makes relative paths of the package absolute, from the folder of the file that holds the document: an agent knows
 * nothing of that folder and takes absolute paths only.
 */
export function resolvePaths(document: { [key: string]: unknown }, folder: string): void {
  for (const name of ["pkg", "package"]) {
    const pkg = document[name];
    if (typeof pkg !== "object" || pkg === null) continue;
    if ("type" in pkg && IN_CONTAINERS.some((type) => type === pkg.type)) continue;
    for (const key of PATH_KEYS) {
      const path: unknown = Object.hasOwn(pkg, key) ? Reflect.get(pkg, key) : undefined;
      if (typeof path === "string" && path !== "" && !isAbsolute(path)) Reflect.set(pkg, key, resolve(folder, path));
    }
  }
}
