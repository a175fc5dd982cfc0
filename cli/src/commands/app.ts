import type { Command } from "commander";
import { appDeleteCommand } from "./app-delete.ts";
import { appListCommand } from "./app-list.ts";
import { appUploadCommand } from "./app-upload.ts";
import { command } from "./command.ts";

/** `damson app …` */
export function appCommand(): Command {
  return command("app", "Cluster", "keep archives of apps on a controller")
    .helpCommand(false)
    .addCommand(appUploadCommand())
    .addCommand(appListCommand())
    .addCommand(appDeleteCommand());
}
