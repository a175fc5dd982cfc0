import { realpathSync, statSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { exports as resolveExports } from "resolve.exports";

/** Folders in which plugins are looked for, in this order. */
export interface SearchPlaces {
  /** Absolute path of plugins.yaml; packages are looked up from its folder. */
  readonly file: string;
  /** The host's own directory of plugins, with a `node_modules`. */
  readonly pluginDirectory: string | undefined;
  /** A folder inside Damson's installation. */
  readonly installation: string;
}

/** Where a plugin was found. */
export interface FoundPlugin {
  /** Absolute path of its package.json, without symbolic links. */
  readonly packageFile: string;
  /** Absolute path of its module, when `use` names a file. */
  readonly module: string | undefined;
}

/** Whether `use` is a path and not the name of a package. */
export function isLocal(use: string): boolean {
  return use.startsWith(".") || use.startsWith("/");
}

/** The folders that {@link findPlugin} looks into for packages. */
export function searchFolders({ file, pluginDirectory, installation }: SearchPlaces): string[] {
  const folders = [dirname(file), ...(pluginDirectory === undefined ? [] : [pluginDirectory]), installation];
  return [...new Set(folders.map((folder) => resolve(folder)))];
}

/** Finds a plugin without running anything of it; `undefined` when it is nowhere. */
export function findPlugin(use: string, places: SearchPlaces): FoundPlugin | undefined {
  if (isLocal(use)) return findLocal(resolve(dirname(places.file), use));
  for (const folder of searchFolders(places)) {
    const packageFile = packageFrom(use, folder);
    if (packageFile !== undefined) return { packageFile, module: undefined };
  }
  return undefined;
}

/**
 * URL of the module that a package exports as its main one.
 *
 * @throws Error when the package exports none.
 */
export function mainModule(packageFile: string, json: Readonly<Record<string, unknown>>): string {
  const target = json.exports === undefined ? legacyMain(json) : exportedMain(json);
  return pathToFileURL(join(dirname(packageFile), target)).href;
}

function findLocal(path: string): FoundPlugin | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return undefined;
  if (stats.isDirectory()) {
    const packageFile = join(path, "package.json");
    return statSync(packageFile, { throwIfNoEntry: false })
      ? { packageFile: realpathSync(packageFile), module: undefined }
      : undefined;
  }
  const module = realpathSync(path);
  const packageFile = findPackageJSON(pathToFileURL(module));
  return packageFile === undefined ? undefined : { packageFile, module };
}

function packageFrom(name: string, folder: string): string | undefined {
  try {
    const found = findPackageJSON(name, pathToFileURL(join(folder, "package.json")));
    return found === undefined ? undefined : realpathSync(found);
  } catch {
    // Node throws for a package that is not there.
    return undefined;
  }
}

function exportedMain(json: Readonly<Record<string, unknown>>): string {
  // Node tells nobody which conditions it runs with. Sources run only under the condition `source`, so this file's own
  // ending tells whether plugins are to be run from their sources too.
  const conditions = import.meta.url.endsWith(".ts") ? ["source"] : [];
  const [target] = resolveExports({ name: String(json.name), ...json }, ".", { conditions }) ?? [];
  if (target === undefined) throw new Error('its package.json exports no "."');
  return target;
}

function legacyMain({ main }: Readonly<Record<string, unknown>>): string {
  return typeof main === "string" ? main : "index.js";
}
