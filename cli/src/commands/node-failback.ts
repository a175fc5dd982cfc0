import type { Command } from "commander";
import { once } from "../cluster/once.ts";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson node failback` */
export function nodeFailbackCommand(): Command {
  return clusterCommand("failback", "move instances back to a node that has returned")
    .argument("<node>", "id of the node that they were moved away from")
    .addHelpText("after", "\nEach is started there first, and stops where it is once the new one is healthy.")
    .action((nodeId: string, _flags, self: Command) =>
      withController(self, async ({ api }, context) => {
        const done = await once((headers) =>
          api.POST("/v1/nodes/{nodeId}/failback", { params: { path: { nodeId } }, headers }),
        );
        await context.show(done, ({ moved }) => {
          const what = moved === 1 ? "1 instance goes" : `${moved} instances go`;
          return `${context.colors.bold(nodeId)}: ${what} back to it`;
        });
      }),
    );
}
