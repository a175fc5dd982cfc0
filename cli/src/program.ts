import { Command } from "commander";
import { agentCommand } from "./commands/agent.ts";
import { appCommand } from "./commands/app.ts";
import { applyCommand } from "./commands/apply.ts";
import { auditCommand } from "./commands/audit.ts";
import { completeCommand, completionCommand } from "./commands/completion.ts";
import { controllerCommand } from "./commands/controller.ts";
import { deleteCommand } from "./commands/delete.ts";
import { deployCommand } from "./commands/deploy.ts";
import { deploymentCommand } from "./commands/deployment.ts";
import { devCommand } from "./commands/dev.ts";
import { eventsCommand } from "./commands/events.ts";
import { execCommand } from "./commands/exec.ts";
import { exitsCommand } from "./commands/exits.ts";
import { explainCommand } from "./commands/explain.ts";
import { helpCommand } from "./commands/help.ts";
import { logsCommand } from "./commands/logs.ts";
import { nodeCommand } from "./commands/node.ts";
import { pluginCommand } from "./commands/plugin.ts";
import { restartCommand } from "./commands/restart.ts";
import { rollbackCommand } from "./commands/rollback.ts";
import { startCommand } from "./commands/start.ts";
import { statsCommand } from "./commands/stats.ts";
import { statusCommand } from "./commands/status.ts";
import { stopCommand } from "./commands/stop.ts";
import { versionCommand } from "./commands/version.ts";
import { versionsCommand } from "./commands/versions.ts";
import { EXIT_TEXTS } from "./exit-codes.ts";
import { addHints } from "./hints.ts";
import { addSettingFlags } from "./settings/flags.ts";
import { damsonVersion } from "./version.ts";

/** The whole command line, ready to parse. It throws commander's errors after having printed them. */
export function damsonProgram(): Command {
  const program = commandsOf();
  for (const [command, hidden] of [
    [completionCommand(), false],
    [completeCommand(), true],
  ] as const) {
    program.addCommand(command.copyInheritedSettings(program), { hidden });
  }
  return program;
}

/** The command line without what belongs to completion, which goes by this. */
export function commandsOf(): Command {
  const program: Command = new Command("damson")
    .exitOverride()
    .description("Runs applications on machines.")
    .version(damsonVersion(), "-V, --version", "print the version")
    .option("--json", "print what the API answers, for programs")
    .option("--no-color", "print without colours, as NO_COLOR=1 does")
    .showHelpAfterError("(--help says more)")
    .configureHelp({
      showGlobalOptions: true,
      // Those of a command's parent are not its own: `damson agent stop` takes none of `damson agent`.
      visibleGlobalOptions: (self) => (self === program ? [] : [...program.options]),
    })
    .addHelpText("after", exitCodes());
  addSettingFlags(program, ["agent", "tokenFile"]);
  const commands = [
    [applyCommand(), statusCommand(), logsCommand(), startCommand(), stopCommand(), restartCommand()],
    [rollbackCommand(), deleteCommand(), exitsCommand(), versionsCommand(), statsCommand(), execCommand()],
    [agentCommand(), devCommand(), eventsCommand(), pluginCommand()],
    [controllerCommand(), nodeCommand(), appCommand(), deployCommand(), deploymentCommand(), explainCommand()],
    [auditCommand()],
    [helpCommand(), versionCommand()],
  ].flat();
  for (const command of commands) {
    command.copyInheritedSettings(program);
    for (const child of command.commands) child.copyInheritedSettings(program);
    program.addCommand(command);
  }
  addHints(program);
  return program.helpCommand(false);
}

function exitCodes(): string {
  return ["", "Exit codes:", ...EXIT_TEXTS.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`)].join(
    "\n",
  );
}
