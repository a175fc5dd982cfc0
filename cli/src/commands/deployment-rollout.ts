import { answer } from "@damson/client";
import type { Command } from "commander";
import { once } from "../cluster/once.ts";
import { addTimeoutFlag, follow } from "../cluster/settle.ts";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

interface RolloutFlags {
  readonly wait: boolean;
  readonly timeout?: string;
  readonly retry?: boolean;
}

/** `damson deployment rollout` */
export function deploymentRolloutCommand(): Command {
  const self = clusterCommand("rollout", "follow the rollout of a deployment to its end; fails when the rollout does")
    .argument("<deployment>", "its name or id")
    .option("--retry", "first roll out again what the last rollout failed with")
    .option("--no-wait", "show how it stands, and return");
  return addTimeoutFlag(self)
    .addHelpText("after", "\n`damson deploy -f` begins a rollout with a document that differs.")
    .action((id: string, { retry, timeout, wait }: RolloutFlags, self: Command) =>
      withController(self, async (client, context) => {
        const path = { id };
        if (retry) {
          await once((headers) =>
            client.api.POST("/v1/deployments/{id}/rollout", { params: { path }, body: null, headers }),
          );
        }
        const detail = wait
          ? await follow(client, context, { id, goal: "healthy", timeout })
          : await answer(client.api.GET("/v1/deployments/{id}", { params: { path } }));
        const { rolloutLine } = await import("../output/deployment-view.ts");
        await context.show(detail.deployment, (value) => rolloutLine(value, context.colors));
      }),
    );
}
