import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { PluginSources } from "@damson/core/host";
import { environmentOf } from "../settings/files.ts";
import { thisMachine } from "../settings/machine.ts";
import type { Settings } from "../settings/resolve.ts";

/** The folder of this package: what it depends on is what Damson brings along. */
export const INSTALLATION = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The plugins.yaml that the settings name, else that of the current folder, else that of the work directory, else
 * Damson's own, which loads the process runtime.
 */
export function pluginsFile({ plugins, workDir }: Pick<Settings, "plugins" | "workDir">): string {
  if (plugins !== undefined) return plugins;
  const file = [resolve("plugins.yaml"), join(workDir, "plugins.yaml")].find((place) => existsSync(place));
  return file ?? join(INSTALLATION, "plugins.yaml");
}

/** Where an agent with these settings would find its plugins, for looking at them without running any. */
export async function pluginSources(settings: Settings): Promise<PluginSources> {
  return {
    environment: await environmentOf(thisMachine()),
    file: pluginsFile(settings),
    fileRequired: true,
    pluginDirectory: join(settings.workDir, "plugins"),
    installation: INSTALLATION,
  };
}
