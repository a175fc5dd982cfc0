import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { PluginSources } from "@damson/core/host";
import type { Settings } from "../settings/resolve.ts";

/** The folder of this package: what it depends on is what Damson brings along. */
export const INSTALLATION = fileURLToPath(new URL("../..", import.meta.url));

/** The plugins.yaml that the settings name, else that of the current folder, else that of the work directory. */
export function pluginsFile({ plugins, workDir }: Settings): string | undefined {
  if (plugins !== undefined) return plugins;
  return [resolve("plugins.yaml"), join(workDir, "plugins.yaml")].find((file) => existsSync(file));
}

/** Where an agent with these settings would find its plugins, for looking at them without running any. */
export function pluginSources(settings: Settings): PluginSources {
  return {
    file: pluginsFile(settings) ?? "plugins.yaml",
    fileRequired: true,
    pluginDirectory: join(settings.workDir, "plugins"),
    installation: INSTALLATION,
  };
}
