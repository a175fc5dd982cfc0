import { answer } from "@damson/client";
import type { Command } from "commander";
import { onceDone } from "../cluster/once.ts";
import { whichArtifact } from "../cluster/which-artifact.ts";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson app delete` */
export function appDeleteCommand(): Command {
  return clusterCommand("delete", "delete an archive that no deployment uses")
    .argument("<archive>", "name of its app, its id, or its URL, as `damson app list` shows them")
    .argument("[version]", "version, where there are several of that name")
    .action((archive: string, version: string | undefined, _flags, self: Command) =>
      withController(self, async ({ api }, context) => {
        const found = whichArtifact(await answer(api.GET("/v1/apps")), archive, version);
        const path = { artifactId: found.artifactId };
        await onceDone((headers) => api.DELETE("/v1/apps/{artifactId}", { params: { path }, headers }));
        const text = `${context.colors.bold(found.name)} ${found.version}: deleted`;
        await context.show({ ...path, deleted: true }, () => text);
      }),
    );
}
