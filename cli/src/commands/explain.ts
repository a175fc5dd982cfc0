import { answer } from "@damson/client";
import type { Command } from "commander";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson explain` */
export function explainCommand(): Command {
  return clusterCommand("explain", "tell why the instances of a deployment are where they are, or nowhere")
    .argument("<deployment>", "its name or id")
    .action((id: string, _flags, self: Command) =>
      withController(self, async ({ api }, context) => {
        const explanation = await answer(api.GET("/v1/deployments/{id}/explain", { params: { path: { id } } }));
        const { explained } = await import("../output/explain-view.ts");
        await context.show(explanation, (value) => explained(value, context.colors));
      }),
    );
}
