import { answer } from "@damson/client";
import type { Command } from "commander";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson deployment list` */
export function deploymentListCommand(): Command {
  return clusterCommand("list", "show all deployments, and how they are").action((_flags, self: Command) =>
    withController(self, async ({ api }, context) => {
      const deployments = await answer(api.GET("/v1/deployments", { params: { query: { deleting: true } } }));
      const { deploymentTable } = await import("../output/deployment-view.ts");
      await context.show(deployments, (value) => deploymentTable(value, context.colors));
    }),
  );
}
