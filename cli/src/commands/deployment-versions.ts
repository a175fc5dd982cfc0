import { answer } from "@damson/client";
import type { Command } from "commander";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson deployment versions` */
export function deploymentVersionsCommand(): Command {
  return clusterCommand("versions", "show the versions of a deployment that `rollback` can go back to")
    .argument("<deployment>", "its name or id")
    .action((id: string, _flags, self: Command) =>
      withController(self, async ({ api }, context) => {
        const versions = await answer(api.GET("/v1/deployments/{id}/versions", { params: { path: { id } } }));
        const { versionTable } = await import("../output/deployment-view.ts");
        await context.show(versions, (value) => versionTable(value, context.colors));
      }),
    );
}
