import type { Command } from "commander";
import { command } from "./command.ts";
import { pluginCheckCommand } from "./plugin-check.ts";
import { pluginListCommand } from "./plugin-list.ts";
import { pluginReloadCommand } from "./plugin-reload.ts";
import { pluginSchemaCommand } from "./plugin-schema.ts";

/** `damson plugin …` */
export function pluginCommand(): Command {
  return command("plugin", "Agent", "look after the agent's plugins")
    .helpCommand(false)
    .addCommand(pluginListCommand())
    .addCommand(pluginCheckCommand())
    .addCommand(pluginSchemaCommand())
    .addCommand(pluginReloadCommand());
}
