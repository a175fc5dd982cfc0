import { Argument, type Command } from "commander";
import { print } from "../output/out.ts";
import { command } from "./command.ts";

/** `damson completion`: prints the script that a shell loads. */
export function completionCommand(): Command {
  return command("completion", "Other", "print the completion script of a shell")
    .addArgument(new Argument("<shell>", "the shell").choices(["bash", "zsh", "fish"]))
    .addHelpText("after", "\nFor example, in ~/.bashrc: source <(damson completion bash)")
    .action(async (shell: string) => {
      if (shell === "bash") {
        const { BASH_COMPLETION } = await import("../bash-completion.ts");
        return print(BASH_COMPLETION);
      }
      const { default: tab } = await import("@bomb.sh/tab");
      tab.setup("damson", "damson", shell);
    });
}

/** `damson complete`: what the script calls at each press of Tab. */
export function completeCommand(): Command {
  return command("complete", "Other", "answer a completion script")
    .argument("[words...]")
    .action(async (words: string[], _flags, self: Command) => {
      const { complete } = await import("../complete.ts");
      await complete(words, self);
    });
}
