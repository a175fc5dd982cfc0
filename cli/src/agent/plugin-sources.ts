import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { PluginSources } from "@damson/core/host";
import type { Settings } from "../settings/resolve.ts";

/** The folder of this package: what it depends on is what Damson brings along. */
export const INSTALLATION = fileURLToPath(new URL("../..", import.meta.url));

/** The plugins.yaml that the settings name, or that of the current folder if there is one. */
export function pluginsFile({ plugins }: Settings): string | undefined {
  if (plugins !== undefined) return plugins;
  const here = resolve("plugins.yaml");
  return existsSync(here) ? here : undefined;
}

/** Where an agent with these settings would find its plugins, for looking at them without running any. */
export function pluginSources(settings: Settings): PluginSources {
  return {
    file: pluginsFile(settings) ?? "plugins.yaml",
    fileRequired: true,
    installation: INSTALLATION,
  };
}
