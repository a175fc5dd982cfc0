import type { Command } from "commander";
import { command } from "./command.ts";
import { nodeChangeCommands } from "./node-change.ts";
import { nodeDeleteCommand } from "./node-delete.ts";
import { nodeFailbackCommand } from "./node-failback.ts";
import { nodeListCommand } from "./node-list.ts";
import { nodeShowCommand } from "./node-show.ts";

/** `damson node …` */
export function nodeCommand(): Command {
  const node = command("node", "Cluster", "look after the machines of a controller").helpCommand(false);
  const commands = [
    nodeListCommand(),
    nodeShowCommand(),
    ...nodeChangeCommands(),
    nodeFailbackCommand(),
    nodeDeleteCommand(),
  ];
  for (const child of commands) node.addCommand(child);
  return node;
}
