import { answer, type ExitList } from "@damson/client";
import type { Command } from "commander";
import { contextOf } from "../context.ts";
import type { Colors } from "../output/colors.ts";
import { ago, span } from "../output/human.ts";
import { terminalWidth } from "../output/out.ts";
import { plain } from "../output/plain.ts";
import { table } from "../output/table.ts";
import { command } from "./command.ts";

/** `damson exits` */
export function exitsCommand(): Command {
  return command("exits", "Apps", "show the last exits of an app, and why")
    .argument("<app>", "name of the app")
    .addHelpText("after", "\nA terminal's width cuts long details; --json, and what is no terminal, have them in full.")
    .action(async (app: string, _flags: object, self: Command) => {
      const context = await contextOf(self);
      const list = await answer(context.agent().api.GET("/v1/apps/{app}/exits", { params: { path: { app } } }));
      await context.show(list, (value) => render(value, context.colors));
    });
}

function render({ exits }: ExitList, colors: Colors): string {
  if (exits.length === 0) return "No exit so far.";
  const rows = exits.map(({ instance_id, run, version, code, signal, oom, reason, detail, started_at, ended_at }) => [
    instance_id,
    String(run),
    version,
    code === null ? "unknown" : String(code),
    signal ?? "-",
    oom ? colors.red("out of memory") : reason.replaceAll("_", " "),
    started_at && ended_at ? span(Date.parse(ended_at) - Date.parse(started_at)) : "-",
    ago(ended_at),
    plain(detail ?? ""),
  ]);
  const headings = ["INSTANCE", "RUN", "VERSION", "CODE", "SIGNAL", "REASON", "LASTED", "ENDED", "DETAIL"];
  return table(headings, rows, colors, terminalWidth());
}
