import type { DamsonError, HostFacts } from "@damson/plugin-sdk";
import { isDamsonError } from "@damson/plugin-sdk";
import { describePlugin, type PluginDescription } from "./describe.ts";
import { planPlugins } from "./plan.ts";
import { type PluginsFile, readPluginsFile } from "./plugins-file.ts";
import type { PluginRecord } from "./record.ts";
import type { SearchPlaces } from "./resolve.ts";
import type { Environment } from "./substitute.ts";

/** Where a host finds its plugins. Enough for {@link checkPlugins}, which runs nothing. */
export interface PluginSources {
  /** Path of plugins.yaml, named in errors as it is given here. */
  readonly file: string;
  /** Whether the file must be there, since the user named it. @default false */
  readonly fileRequired?: boolean;
  /** The host's own directory of plugins, with a `node_modules`. @default none */
  readonly pluginDirectory?: string;
  /** A folder inside Damson's installation, from which its own plugins are found. */
  readonly installation: string;
  /** What `${NAME}` in plugins.yaml is taken from. @default process.env */
  readonly environment?: Environment;
}

/** What {@link checkPlugins} found. */
export interface PluginCheck {
  readonly plugins: readonly PluginDescription[];
  /** Everything that is wrong; empty when every plugin could be imported. */
  readonly errors: readonly DamsonError[];
  readonly warnings: readonly string[];
}

/** Takes the steps of loading that run no code of any plugin, and tells all that is wrong. Never throws for bad input. */
export async function checkPlugins(sources: PluginSources, side: HostFacts["kind"]): Promise<PluginCheck> {
  try {
    const { file, records } = await readPlan(sources, side);
    const errors = records.flatMap((record) => record.errors);
    return { plugins: records.map(describePlugin), errors, warnings: warningsOf(file, records) };
  } catch (error) {
    if (!isDamsonError(error)) throw error;
    return { plugins: [], errors: [error], warnings: [] };
  }
}

/** Reads plugins.yaml and plans its plugins. @throws DamsonError for what is wrong with the file as a whole. */
export async function readPlan(
  sources: PluginSources,
  side: HostFacts["kind"],
): Promise<{ file: PluginsFile; records: PluginRecord[] }> {
  const file = await readPluginsFile(sources.file, sources.fileRequired ?? false);
  const environment = sources.environment ?? process.env;
  const records = await planPlugins(file, { side, places: searchPlaces(sources, file.path), environment });
  return { file, records };
}

/** The places that `sources` name, for a plugins.yaml at the absolute path `file`. */
export function searchPlaces({ pluginDirectory, installation }: PluginSources, file: string): SearchPlaces {
  return { file, pluginDirectory, installation };
}

/** What a plan has to say beside its errors. */
export function warningsOf(file: PluginsFile, records: readonly PluginRecord[]): string[] {
  return [...file.warnings, ...records.flatMap((record) => record.package?.warnings ?? [])];
}
