import { answer } from "@damson/client";
import type { Command } from "commander";
import { contextOf } from "../context.ts";
import { note } from "../output/out.ts";
import { plain } from "../output/plain.ts";
import { pluginNotes, pluginTable } from "../output/plugin-view.ts";
import { command } from "./command.ts";

/** `damson plugin list` */
export function pluginListCommand(): Command {
  return command("list", "Agent", "show the agent's plugins and the state of each").action(
    async (_flags, self: Command) => {
      const context = await contextOf(self);
      const list = await answer(context.agent().api.GET("/v1/plugins"));
      await context.show(list, ({ plugins, runtimes }) =>
        [pluginTable(plugins, context.colors), ...pluginNotes(plugins, runtimes)].join("\n"),
      );
      if (!context.json) for (const warning of list.warnings) note(`warning: ${plain(warning)}`);
    },
  );
}
