import type { Command } from "commander";

/** What other tools call it. The likeness of letters would lead elsewhere, such as from `top` to `stop`. */
const FOREIGN = new Map([
  ["top", "stats"],
  ["ps", "status"],
  ["ls", "status"],
  ["list", "status"],
  ["rm", "delete"],
  ["remove", "delete"],
  ["inspect", "status <app>"],
]);

/** Lets errors of the command line say what was probably meant, where commander does not know. */
export function addHints(program: Command): void {
  program.configureOutput({
    outputError: (text, write) => {
      const meant = FOREIGN.get(/^error: unknown command '(.*)'/.exec(text)?.[1] ?? "");
      write(meant === undefined ? text : `${text.split("\n")[0]}\n(Did you mean ${meant}?)\n`);
    },
  });
  const apply = program.commands.find((command) => command.name() === "apply");
  apply?.configureOutput({
    outputError: (text, write) => {
      const files = apply.args.filter((word) => !word.startsWith("-")).map((word) => `-f ${word}`);
      const isAbout = /^error: (required option '-f|too many arguments)/.test(text) && files.length > 0;
      write(isAbout ? `${text}(Did you mean ${files.join(" ")}?)\n` : text);
    },
  });
}
