import type { Command } from "commander";
import { usageError } from "../cli-error.ts";
import { contextOf } from "../context.ts";
import { command } from "./command.ts";

interface ExecFlags {
  readonly instance?: string;
  readonly stdin?: boolean;
  readonly tty?: boolean;
  readonly env?: readonly string[];
  readonly user?: string;
  readonly workingDir?: string;
}

/** `damson exec` */
export function execCommand(): Command {
  return command("exec", "Apps", "run a command inside a running instance")
    .usage("[options] <app> -- <command...>")
    .argument("<app>", "name of the app")
    .argument("<command...>", "the program and its arguments, behind -- so that its flags stay its own")
    .option("--instance <id>", "in this instance; needed when several run")
    .option("-i, --stdin", "pass stdin on")
    .option("-t, --tty", "give it a terminal of the size of this one")
    .option("-e, --env <NAME=value>", "add a variable to its environment; may be repeated", variable)
    .option("-u, --user <user>", "run it as this user (default: the instance's own)")
    .option("-w, --working-dir <dir>", "run it in this directory (default: the instance's own)")
    .action(async (app: string, words: string[], flags: ExecFlags, self: Command) => {
      const { instance, stdin, tty, env, user, workingDir } = flags;
      if (stdin && tty && !process.stdin.isTTY) {
        throw usageError("-i with -t needs a terminal, and stdin is none", "Leave out -t to pass on a file or a pipe.");
      }
      const context = await contextOf(self);
      const { execInInstance } = await import("../exec/exec-in-instance.ts");
      process.exitCode = await execInInstance(context.agent(), app, {
        command: words,
        ...(instance === undefined ? {} : { instance }),
        ...(stdin ? { stdin } : {}),
        ...(tty ? { tty } : {}),
        ...(env === undefined ? {} : { env: [...env] }),
        ...(user === undefined ? {} : { user }),
        ...(workingDir === undefined ? {} : { working_dir: workingDir }),
      });
    });
}

function variable(text: string, all: readonly string[] = []): readonly string[] {
  if (!/^[A-Za-z_][A-Za-z0-9_]*=/.test(text)) {
    throw usageError(`--env: expected NAME=value, got ${JSON.stringify(text.split("=", 1)[0])}`);
  }
  return [...all, text];
}
