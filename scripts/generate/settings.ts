import { CONTROLLER_SETTINGS } from "../../cli/src/settings/controller-table.ts";
import type { Setting } from "../../cli/src/settings/setting.ts";
import { SETTINGS } from "../../cli/src/settings/table.ts";

const HEAD = `# Settings

<!-- Generated from cli/src/settings/ by \`npm run generate\`. Do not edit. -->

Every setting of \`damson\` is looked for in this order, and the first place that has it wins:

1. the flag,
2. the environment, its variables in the order of the table,
3. \`.env\` in the current folder, with the same variables,
4. the settings file: \`damson.yaml\` in the current folder, else \`~/.config/damson/config.yaml\`
   (\`$XDG_CONFIG_HOME\` is honoured),
5. the default.

One settings file is read, not both. A key that it does not know is an error. Relative paths in it start from its folder;
those of flags and variables start from the current folder. An empty variable counts as absent.
`;

const CONTROLLER = `
## damson controller

Beside its own settings, the controller takes \`--config\`, \`--token-file\` (or \`DAMSON_TOKEN\`), \`--tls-cert\`, \`--tls-key\`,
\`--insecure\` and \`--allowed-host\` as the agent does. [controller.md](../controller.md) says what they are for.
`;

const TABLE = `
| Setting | Flag | Environment | Settings file | Default |
|---|---|---|---|---|
`;

/** docs/reference/settings.md: where each setting can come from. */
export function settingsReference(): string {
  return HEAD + table(SETTINGS) + CONTROLLER + table(CONTROLLER_SETTINGS);
}

function table(settings: Readonly<Record<string, Setting>>): string {
  return TABLE + Object.values(settings).map(row).join("");
}

function row({ description, env, fallback, fallbackText, file, flag }: Setting): string {
  const standard = fallbackText ?? (typeof fallback === "string" ? code(fallback) : "");
  const cells = [sentence(description), code(flag), env.map(code).join(", "), code(file), standard];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
}

function code(text: string | undefined): string {
  return text === undefined ? "" : `\`${text}\``;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
