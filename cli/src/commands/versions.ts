import { answer, type VersionList } from "@damson/client";
import type { Command } from "commander";
import { contextOf } from "../context.ts";
import type { Colors } from "../output/colors.ts";
import { ago } from "../output/human.ts";
import { table } from "../output/table.ts";
import { command } from "./command.ts";

/** `damson versions` */
export function versionsCommand(): Command {
  return command("versions", "Apps", "show the versions of an app that `rollback` can go back to")
    .argument("<app>", "name of the app")
    .option("--reveal <names>", "environment variables that --json shows in clear, separated by commas")
    .action(async (app: string, query: { reveal?: string }, self: Command) => {
      const context = await contextOf(self);
      const call = context.agent().api.GET("/v1/apps/{app}/versions", { params: { path: { app }, query } });
      await context.show(await answer(call), (value) => render(value, context.colors));
    });
}

function render({ versions }: VersionList, colors: Colors): string {
  const rows = versions.map(({ revision, version, current, failed, applied_at, spec }) => [
    String(revision),
    version,
    spec.pkg.type,
    ago(applied_at),
    current ? colors.green("runs now") : failed ? colors.red("failed") : "",
  ]);
  return table(["REVISION", "VERSION", "TYPE", "APPLIED", ""], rows, colors);
}
