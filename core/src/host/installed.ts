import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type SearchPlaces, searchFolders } from "./resolve.ts";

/** A plugin that lies in one of the search places, whether plugins.yaml uses it or not. */
export interface InstalledPlugin {
  /** The package's name. */
  readonly name: string;
  readonly packageFile: string;
}

/** Every package with a `damson` field that `use` could name; of several copies the one that would be used. */
export async function installedPlugins(places: SearchPlaces): Promise<InstalledPlugin[]> {
  const found = new Map<string, InstalledPlugin>();
  for (const folder of searchFolders(places).flatMap(nodeModules)) {
    for (const name of await packageNames(folder)) {
      const packageFile = join(folder, name, "package.json");
      if (!found.has(name) && (await hasManifest(packageFile))) found.set(name, { name, packageFile });
    }
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

function nodeModules(folder: string): string[] {
  const parent = dirname(folder);
  return [join(folder, "node_modules"), ...(parent === folder ? [] : nodeModules(parent))];
}

async function packageNames(folder: string): Promise<string[]> {
  const names = await namesIn(folder);
  const nested = names
    .filter((name) => name.startsWith("@"))
    .map(async (scope) => (await namesIn(join(folder, scope))).map((name) => `${scope}/${name}`));
  return [...names.filter((name) => !/^[.@]/.test(name)), ...(await Promise.all(nested)).flat()];
}

async function namesIn(folder: string): Promise<string[]> {
  // Most of the folders on the way up to the root have no node_modules.
  return readdir(folder).catch(() => []);
}

async function hasManifest(packageFile: string): Promise<boolean> {
  try {
    const json: unknown = JSON.parse(await readFile(packageFile, "utf8"));
    return typeof json === "object" && json !== null && "damson" in json;
  } catch {
    // No package, or a broken one, is no plugin that could be offered.
    return false;
  }
}
