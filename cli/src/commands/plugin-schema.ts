import type { Command } from "commander";
import { contextOf } from "../context.ts";
import { print } from "../output/out.ts";
import { addSettingFlags } from "../settings/flags.ts";
import { command } from "./command.ts";

/** `damson plugin schema` */
export function pluginSchemaCommand(): Command {
  const self = command("schema", "Agent", "print the JSON Schema of plugins.yaml, for editors");
  return addSettingFlags(self, ["plugins"])
    .addHelpText(
      "after",
      "\nWith `damson plugin schema > plugins.schema.json`, begin plugins.yaml with\n# yaml-language-server: $schema=plugins.schema.json",
    )
    .action(async (_flags, called: Command) => {
      const { settings } = await contextOf(called);
      const { pluginsFileSchema } = await import("@damson/core/host");
      const { pluginSources } = await import("../agent/plugin-sources.ts");
      await print(JSON.stringify(await pluginsFileSchema(await pluginSources(settings)), null, 2));
    });
}
