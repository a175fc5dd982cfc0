import { answer } from "@damson/client";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { onceDone } from "../cluster/once.ts";
import { withController } from "../cluster/with-controller.ts";
import { EXIT } from "../exit-codes.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson deployment delete` */
export function deploymentDeleteCommand(): Command {
  return clusterCommand("delete", "stop and remove all instances of a deployment, and forget it")
    .argument("<deployment>", "its name or id")
    .option("--force", "forget at once the instances on nodes that cannot be reached, instead of waiting")
    .action((ref: string, { force = false }: { force?: boolean }, self: Command) =>
      withController(self, async ({ api }, context) => {
        // To delete what is not there succeeds, as it did with Plum. Who mistypes a name wants to know.
        const all = await answer(api.GET("/v1/deployments", { params: { query: { deleting: true } } }));
        const named = all.filter(({ name, deploymentId }) => name === ref || deploymentId === ref);
        // One that is on its way out has given its name away.
        const found = named.find(({ deleting }) => !deleting) ?? named[0];
        if (!found) {
          throw new CliError("DEPLOYMENT_NOT_FOUND", `there is no deployment "${ref}"`, {
            exitCode: EXIT.notFound,
            remedy: "`damson deployment list` shows all.",
          });
        }
        const id = found.deploymentId;
        const params = { path: { id }, query: { force } };
        await onceDone((headers) => api.DELETE("/v1/deployments/{id}", { params, headers }));
        await context.show({ id: ref, deleted: true }, () => `${context.colors.bold(ref)}: deleted`);
      }),
    );
}
