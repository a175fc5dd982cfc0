import { answer } from "@damson/client";
import type { Command } from "commander";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson node list` */
export function nodeListCommand(): Command {
  return clusterCommand("list", "show all nodes, and how they are").action((_flags, self: Command) =>
    withController(self, async ({ api }, context) => {
      const nodes = await answer(api.GET("/v1/nodes"));
      if (context.json) return context.show(nodes, () => "");
      const health = await answer(api.GET("/v1/health"));
      const { controllerNotes, nodeTable } = await import("../output/node-view.ts");
      const parts = [nodeTable(nodes, context.colors), ...controllerNotes(health, context.colors)];
      await context.show(nodes, () => parts.join("\n"));
    }),
  );
}
