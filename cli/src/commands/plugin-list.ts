import { answer } from "@damson/client";
import type { Command } from "commander";
import { contextOf } from "../context.ts";
import { pluginTable, runtimeNotes } from "../output/plugin-view.ts";
import { command } from "./command.ts";

/** `damson plugin list` */
export function pluginListCommand(): Command {
  return command("list", "Agent", "show the agent's plugins and the state of each").action(
    async (_flags, self: Command) => {
      const context = await contextOf(self);
      const list = await answer(context.agent().api.GET("/v1/plugins"));
      await context.show(list, ({ plugins, runtimes }) =>
        [pluginTable(plugins, context.colors), ...runtimeNotes(runtimes)].join("\n"),
      );
    },
  );
}
