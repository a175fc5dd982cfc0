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

/** Only some commands have the flag: with one that talks to an agent it would be an error. */
const WHERE_CONTROLLER = [
  "Commands under Cluster talk to a controller, at http://127.0.0.1:8080 unless",
  "DAMSON_CONTROLLER or --controller <url> after the command says otherwise.",
];

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
      // Names of commands with their arguments are long: rather narrow texts than lines that the terminal breaks.
      minWidthToWrap: 24,
    })
    .addHelpText("after", afterHelp());
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

function afterHelp(): string {
  return [
    "",
    ...WHERE_CONTROLLER,
    "",
    "Exit codes:",
    ...EXIT_TEXTS.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`),
  ].join("\n");
}
