import type { Command } from "commander";
import { command } from "./command.ts";

/** `damson help` */
export function helpCommand(): Command {
  return command("help", "Other", "print the help of a command")
    .argument("[command...]", "such as `status` or `plugin list`; without one, what --help says")
    .action((names: readonly string[], _flags: object, self: Command) => {
      let shown = self.parent ?? self;
      for (const name of names) {
        const child = shown.commands.find((candidate) => candidate.name() === name);
        if (!child) return shown.error(`error: unknown command '${name}'`, { code: "commander.unknownCommand" });
        shown = child;
      }
      shown.outputHelp();
    });
}
