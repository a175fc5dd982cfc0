import type { ControllerClient, DeploymentAnswer } from "@damson/client";
import type { Command } from "commander";
import { type OnceHeaders, once } from "../cluster/once.ts";
import { addSettleFlags, addTimeoutFlag, type SettleFlags, settle } from "../cluster/settle.ts";
import { withController } from "../cluster/with-controller.ts";
import { clusterCommand } from "./cluster-command.ts";

type Order = (
  api: ControllerClient["api"],
  options: { params: { path: { id: string } }; headers: OnceHeaders },
) => Promise<{ data?: DeploymentAnswer; response: Response }>;

/** `damson deployment start`, `stop`, `pause` and `resume` */
export function deploymentOrderCommands(): readonly Command[] {
  return [
    addSettleFlags(
      order("start", "run the instances of a stopped deployment", "started", (api, options) =>
        api.POST("/v1/deployments/{id}/start", options),
      ),
    ),
    addTimeoutFlag(
      order("stop", "stop the instances of a deployment, which keep their places", "stopped", (api, options) =>
        api.POST("/v1/deployments/{id}/stop", options),
      ).option("--wait", "return when none runs any more"),
    ),
    order("pause", "let a rollout go no further", "paused", (api, options) =>
      api.POST("/v1/deployments/{id}/pause", options),
    ),
    order("resume", "let a rollout go on", "resumed", (api, options) =>
      api.POST("/v1/deployments/{id}/resume", options),
    ),
  ];
}

function order(name: string, summary: string, text: string, send: Order): Command {
  return clusterCommand(name, summary)
    .argument("<deployment>", "its name or id")
    .action((id: string, { wait, timeout }: SettleFlags | { wait: true; timeout?: string }, self: Command) =>
      withController(self, async (client, context) => {
        const done = await once((headers) => send(client.api, { params: { path: { id } }, headers }));
        const goal = wait === true ? "stopped" : wait;
        const state = done.changed ? text : `was ${text} already`;
        await settle(
          client,
          context,
          { name: id, done, text: state },
          {
            ...(goal && { wait: goal }),
            ...(timeout !== undefined && { timeout }),
          },
        );
      }),
    );
}
