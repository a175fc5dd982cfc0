import type { Command } from "commander";
import { onceDone } from "../cluster/once.ts";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson node delete` */
export function nodeDeleteCommand(): Command {
  return clusterCommand("delete", "forget a node that nothing is placed on")
    .argument("<node>", "id of the node")
    .option("--force", "also one that is not Healthy: what is placed on it is lost, and placed anew")
    .addHelpText("after", "\nAn agent that is still there registers it again; drain it, and end its agent, first.")
    .action((nodeId: string, { force = false }: { force?: boolean }, self: Command) =>
      withController(self, async ({ api }, context) => {
        const params = { path: { nodeId }, query: { force } };
        await onceDone((headers) => api.DELETE("/v1/nodes/{nodeId}", { params, headers }));
        await context.show({ nodeId, deleted: true }, () => `${context.colors.bold(nodeId)}: forgotten`);
      }),
    );
}
