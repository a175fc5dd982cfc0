import type { ControllerClient, Node } from "@damson/client";
import type { Command } from "commander";
import { type OnceHeaders, once } from "../cluster/once.ts";
import { withController } from "../cluster/with-controller.ts";
import { atLeastOne } from "./arguments.ts";
import { clusterCommand } from "./cluster-command.ts";

type Answered = Promise<{ data?: Node; response: Response }>;

/** `damson node cordon`, `uncordon` and `drain` */
export function nodeChangeCommands(): readonly Command[] {
  return [
    change("cordon", "place nothing more on a node; what is there stays", "cordoned", (api, path, headers) =>
      api.POST("/v1/nodes/{nodeId}/cordon", { params: { path }, headers }),
    ),
    change("uncordon", "place on a node again, and end its draining", "takes instances again", (api, path, headers) =>
      api.POST("/v1/nodes/{nodeId}/uncordon", { params: { path }, headers }),
    ),
    drain(),
  ];
}

function change(
  name: string,
  summary: string,
  done: string,
  order: (api: ControllerClient["api"], path: { nodeId: string }, headers: OnceHeaders) => Answered,
): Command {
  return clusterCommand(name, summary)
    .argument("<node>", "id of the node")
    .action((nodeId: string, _flags, self: Command) =>
      send(self, done, (api, headers) => order(api, { nodeId }, headers)),
    );
}

function drain(): Command {
  return clusterCommand("drain", "cordon a node, and move its instances to others")
    .argument("<node>", "id of the node")
    .option("--max-parallel <number>", "most instances that move at once (default: 5)", atLeastOne)
    .addHelpText("after", "\nIt returns at once; `damson node show` tells how many instances are left.")
    .action((nodeId: string, { maxParallel }: { maxParallel?: number }, self: Command) => {
      const body = maxParallel === undefined ? {} : { maxParallel };
      return send(self, "drains", (api, headers) =>
        api.POST("/v1/nodes/{nodeId}/drain", { params: { path: { nodeId } }, body, headers }),
      );
    });
}

function send(
  self: Command,
  done: string,
  order: (api: ControllerClient["api"], headers: OnceHeaders) => Answered,
): Promise<void> {
  return withController(self, async ({ api }, context) => {
    const node = await once((headers) => order(api, headers));
    await context.show(node, ({ nodeId, instances }) => {
      const left = `${instances} ${instances === 1 ? "instance" : "instances"} on it`;
      return `${context.colors.bold(nodeId)}: ${done}, ${left}`;
    });
  });
}
