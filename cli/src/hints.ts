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
  ["scale", "deployment scale"],
  ["rollout", "deployment rollout"],
  ["drain", "node drain"],
  ["cordon", "node cordon"],
  ["uncordon", "node uncordon"],
  ["upload", "app upload"],
]);

const CONTROLLER_HINT = "(It comes after a command for a controller: `damson node list --controller <url>`)\n";

/** Lets errors of the command line say what was probably meant, where commander does not know. */
export function addHints(program: Command): void {
  program.configureOutput({
    outputError: (text, write) => {
      const meant = FOREIGN.get(/^error: unknown command '(.*)'/.exec(text)?.[1] ?? "");
      if (meant !== undefined) write(`${text.split("\n")[0]}\n(Did you mean ${meant}?)\n`);
      else write(text.includes("unknown option '--controller'") ? `${text}${CONTROLLER_HINT}` : text);
    },
  });
  for (const name of ["apply", "deploy"]) hintFiles(program.commands.find((command) => command.name() === name));
}

function hintFiles(command: Command | undefined): void {
  command?.configureOutput({
    outputError: (text, write) => {
      const files = command.args.filter((word) => !word.startsWith("-")).map((word) => `-f ${word}`);
      const isAbout = /^error: (required option '-f|too many arguments)/.test(text) && files.length > 0;
      write(isAbout ? `${text}(Did you mean ${files.join(" ")}?)\n` : text);
    },
  });
}
