import { answer } from "@damson/client";
import type { Command } from "commander";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson app list` */
export function appListCommand(): Command {
  return clusterCommand("list", "show the archives that a controller keeps").action((_flags, self: Command) =>
    withController(self, async ({ api }, context) => {
      const artifacts = await answer(api.GET("/v1/apps"));
      const { artifactTable } = await import("../output/artifact-view.ts");
      await context.show(artifacts, (value) => artifactTable(value, context.colors));
    }),
  );
}
