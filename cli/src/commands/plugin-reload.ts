import { answer } from "@damson/client";
import type { Command } from "commander";
import { contextOf } from "../context.ts";
import { pluginTable } from "../output/plugin-view.ts";
import { withProgress } from "../output/progress.ts";
import { command } from "./command.ts";

/** `damson plugin reload` */
export function pluginReloadCommand(): Command {
  return command("reload", "Agent", "have the agent read its plugins.yaml again; apps are not touched").action(
    async (_flags, self: Command) => {
      const context = await contextOf(self);
      const { api } = context.agent({ timeoutMs: 120_000 });
      const list = await withProgress("reloading plugins", context.json, () => answer(api.POST("/v1/plugins/reload")));
      await context.show(list, ({ plugins }) => pluginTable(plugins, context.colors));
    },
  );
}
