import { answer } from "@damson/client";
import type { Command } from "commander";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson deployment show` */
export function deploymentShowCommand(): Command {
  return clusterCommand("show", "show one deployment, with its instances")
    .argument("<deployment>", "its name or id")
    .action((id: string, _flags, self: Command) =>
      withController(self, async ({ api }, context) => {
        const detail = await answer(api.GET("/v1/deployments/{id}", { params: { path: { id } } }));
        const { deployment, assignments } = detail;
        const saidHealthy = assignments.filter(({ healthy }) => healthy).length;
        // Nodes are asked for only where some of them must be unheard of: there may be thousands.
        const nodes = saidHealthy > deployment.healthy && !context.json ? await answer(api.GET("/v1/nodes")) : [];
        const { deploymentFacts } = await import("../output/deployment-view.ts");
        const { unheardOf } = await import("../output/assignment-view.ts");
        await context.show(detail, (value) => deploymentFacts(value, context.colors, unheardOf(nodes)));
      }),
    );
}
