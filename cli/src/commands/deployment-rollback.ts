import type { Command } from "commander";
import { once } from "../cluster/once.ts";
import { addSettleFlags, type SettleFlags, settle } from "../cluster/settle.ts";
import { withController } from "../cluster/with-controller.ts";
import { atLeastOne } from "./arguments.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson deployment rollback` */
export function deploymentRollbackCommand(): Command {
  const self = clusterCommand("rollback", "go back to a version that ran before")
    .argument("<deployment>", "its name or id")
    .option(
      "--to <version>",
      "which one, as `damson deployment versions` numbers them (default: the one before that has not failed)",
      atLeastOne,
    );
  return addSettleFlags(self).action((id: string, { to, ...flags }: SettleFlags & { to?: number }, called: Command) =>
    withController(called, async (client, context) => {
      const body = to === undefined ? {} : { version: to };
      const path = { id };
      const done = await once((headers) =>
        client.api.POST("/v1/deployments/{id}/rollback", { params: { path }, body, headers }),
      );
      await settle(client, context, { name: id, done, text: `rolled back, version ${done.version}` }, flags);
    }),
  );
}
