import { answer } from "@damson/client";
import type { Command } from "commander";
import { contextOf } from "../context.ts";
import { withProgress } from "../output/progress.ts";
import { command } from "./command.ts";

/** `damson status` */
export function statusCommand(): Command {
  return command("status", "Apps", "show what runs, and how it is")
    .argument("[app]", "name of one app, shown with its instances")
    .option("-w, --watch", "go on showing it whenever something changes")
    .addHelpText(
      "after",
      "\nA terminal's width cuts long reasons in tables; `damson status <app>` and --json have them in full.",
    )
    .action(async (app: string | undefined, { watch }: { watch?: boolean }, self: Command) => {
      const context = await contextOf(self);
      if (watch) {
        const { watchStatus } = await import("../watch-status.ts");
        return watchStatus(context, app);
      }
      const { api } = context.agent();
      const view = await import("../output/status-view.ts");
      if (app === undefined) {
        const list = await withProgress("asking the agent", context.json, () => answer(api.GET("/v1/status")));
        return context.show(list, (value) => view.statusList(value, context.colors));
      }
      const call = () => answer(api.GET("/v1/status/{app}", { params: { path: { app } } }));
      const one = await withProgress("asking the agent", context.json, call);
      return context.show(one, (value) => view.statusOfApp(value, context.colors));
    });
}
