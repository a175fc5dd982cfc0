import { answer } from "@damson/client";
import type { Command } from "commander";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson node list` */
export function nodeListCommand(): Command {
  return clusterCommand("list", "show all nodes, and how they are").action((_flags, self: Command) =>
    withController(self, async ({ api }, context) => {
      const nodes = await answer(api.GET("/v1/nodes"));
      const { nodeTable } = await import("../output/node-view.ts");
      await context.show(nodes, (value) => nodeTable(value, context.colors));
    }),
  );
}
