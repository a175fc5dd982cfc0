import type { Command } from "commander";
import { damsonProgram } from "../../cli/src/program.ts";

const WIDTH = 110;

const HEAD = `# Command line

<!-- Generated from cli/src/program.ts by \`npm run generate\`. Do not edit. -->

What \`damson --help\` and \`damson <command> --help\` say. Where flags, variables and files meet is in
[settings.md](settings.md).
`;

/** docs/reference/cli.md: the help of every command. */
export function cliReference(): string {
  return HEAD + sections(damsonProgram(), "damson").join("");
}

function sections(command: Command, name: string): string[] {
  let help = "";
  command.configureOutput({
    writeOut: (text) => (help += text),
    getOutHelpWidth: () => WIDTH,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  const section = `\n## ${name}\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`;
  const children = command.createHelp().visibleCommands(command);
  return [section, ...children.flatMap((child) => sections(child, `${name} ${child.name()}`))];
}
