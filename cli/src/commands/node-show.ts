import { answer } from "@damson/client";
import type { Command } from "commander";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson node show` */
export function nodeShowCommand(): Command {
  return clusterCommand("show", "show one node, with what is placed on it")
    .argument("<node>", "id of the node")
    .action((nodeId: string, _flags, self: Command) =>
      withController(self, async ({ api }, context) => {
        const node = await answer(api.GET("/v1/nodes/{nodeId}", { params: { path: { nodeId } } }));
        const { items } = await answer(api.GET("/v1/assignments", { params: { query: { nodeId } } }));
        const { nodeFacts } = await import("../output/node-view.ts");
        const { assignmentTable, unheardOf } = await import("../output/assignment-view.ts");
        await context.show({ ...node, assignments: items }, () =>
          [nodeFacts(node, context.colors), "", assignmentTable(items, context.colors, "deployment", unheardOf([node]))]
            .join("\n")
            .trimEnd(),
        );
      }),
    );
}
