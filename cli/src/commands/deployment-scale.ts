import type { Command } from "commander";
import { once } from "../cluster/once.ts";
import { readScale } from "../cluster/read-scale.ts";
import { addSettleFlags, type SettleFlags, settle } from "../cluster/settle.ts";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

/** `damson deployment scale` */
export function deploymentScaleCommand(): Command {
  const self = clusterCommand("scale", "change how many instances there are")
    .argument("<deployment>", "its name or id")
    .argument(
      "<replicas...>",
      "a number; node=number for each node; entry:… before it, where there are several entries",
    )
    .addHelpText(
      "after",
      "\nExamples: `scale shop 5`, `scale shop nodeA=2 nodeB=1`, `scale shop api:5 worker:2`. Entries that are not named stay.",
    );
  return addSettleFlags(self).action((id: string, words: readonly string[], flags: SettleFlags, called: Command) => {
    const body = readScale(words);
    return withController(called, async (client, context) => {
      const path = { id };
      const done = await once((headers) =>
        client.api.POST("/v1/deployments/{id}/scale", { params: { path }, body, headers }),
      );
      const state = flags.wait ?? (done.changed ? "declared" : "unchanged");
      const text = `scaled to ${words.join(" ")}, ${state}`;
      await settle(client, context, { name: id, done, text }, flags);
    });
  });
}
