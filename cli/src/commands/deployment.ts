import type { Command } from "commander";
import { command } from "./command.ts";
import { deploymentDeleteCommand } from "./deployment-delete.ts";
import { deploymentListCommand } from "./deployment-list.ts";
import { deploymentOrderCommands } from "./deployment-orders.ts";
import { deploymentRollbackCommand } from "./deployment-rollback.ts";
import { deploymentRolloutCommand } from "./deployment-rollout.ts";
import { deploymentScaleCommand } from "./deployment-scale.ts";
import { deploymentShowCommand } from "./deployment-show.ts";
import { deploymentVersionsCommand } from "./deployment-versions.ts";

/** `damson deployment …` */
export function deploymentCommand(): Command {
  const deployment = command("deployment", "Cluster", "look after what a controller keeps running").helpCommand(false);
  const commands = [
    [deploymentListCommand(), deploymentShowCommand(), deploymentVersionsCommand(), deploymentRolloutCommand()],
    [deploymentScaleCommand(), deploymentRollbackCommand(), ...deploymentOrderCommands(), deploymentDeleteCommand()],
  ].flat();
  for (const child of commands) deployment.addCommand(child);
  return deployment;
}
