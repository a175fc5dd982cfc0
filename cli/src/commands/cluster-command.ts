import type { Command } from "commander";
import { addSettingFlags } from "../settings/flags.ts";
import { command } from "./command.ts";

/** A command that talks to a controller. `summary` is a phrase without a full stop. */
export function clusterCommand(name: string, summary: string): Command {
  return addSettingFlags(command(name, "Cluster", summary), ["controller"]);
}
