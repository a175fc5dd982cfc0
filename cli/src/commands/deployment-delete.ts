import { answer } from "@damson/client";
import type { Command } from "commander";
import { onceDone } from "../cluster/once.ts";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson deployment delete` */
export function deploymentDeleteCommand(): Command {
  return clusterCommand("delete", "stop and remove all instances of a deployment, and forget it")
    .argument("<deployment>", "its name or id")
    .option("--force", "forget at once the instances on nodes that cannot be reached, instead of waiting")
    .action((id: string, { force = false }: { force?: boolean }, self: Command) =>
      withController(self, async ({ api }, context) => {
        // To delete what is not there succeeds, as it did with Plum. Who mistypes a name wants to know.
        await answer(api.GET("/v1/deployments/{id}", { params: { path: { id } } }));
        const params = { path: { id }, query: { force } };
        await onceDone((headers) => api.DELETE("/v1/deployments/{id}", { params, headers }));
        await context.show({ id, deleted: true }, () => `${context.colors.bold(id)}: deleted`);
      }),
    );
}
