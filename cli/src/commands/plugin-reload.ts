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
      const done = await withProgress("reloading plugins", context.json, async () => {
        const report = await answer(api.POST("/v1/plugins/reload"));
        return { report, ...(await answer(api.GET("/v1/plugins"))) };
      });
      await context.show(done, ({ plugins }) => pluginTable(plugins, context.colors));
    },
  );
}
