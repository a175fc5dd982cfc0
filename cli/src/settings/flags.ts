import { type Command, Option } from "commander";
import type { RawValues } from "./look-up.ts";
import { readList } from "./read.ts";
import { readPairs } from "./read-pairs.ts";
import type { Setting } from "./setting.ts";
import { SETTINGS, type SettingName } from "./table.ts";

/** Settings by their names. */
type Table = Readonly<Record<string, Setting>>;

/** Adds the flags of these settings to a command. */
export function addSettingFlags(command: Command, names: readonly SettingName[]): Command {
  return addFlags(command, Object.fromEntries(names.map((name) => [name, SETTINGS[name]])));
}

/** Adds the flags of all settings of a table to a command. */
export function addFlags(command: Command, table: Table): Command {
  for (const setting of Object.values(table)) {
    if (setting.flag === undefined) continue;
    const option = new Option(setting.flag, help(setting));
    if (setting.read === readList || setting.read === readPairs)
      option.argParser((value: string, all: readonly string[] = []) => [...all, value]);
    command.addOption(option);
  }
  return command;
}

/** What was given of the flags of a table's settings, by setting. */
export function flagValues(options: Readonly<Record<string, unknown>>, table: Table = SETTINGS): RawValues {
  const values: Record<string, unknown> = {};
  for (const [name, { flag }] of Object.entries(table)) {
    if (flag !== undefined) values[name] = options[new Option(flag).attributeName()];
  }
  return values;
}

function help({ description, env, fallback, fallbackText }: Setting): string {
  const plain = fallbackText?.replaceAll("`", "") ?? (typeof fallback === "string" ? fallback : undefined);
  const facts = [...env.slice(0, 1), ...(plain === undefined ? [] : [`default: ${plain}`])];
  return facts.length === 0 ? description : `${description} (${facts.join("; ")})`;
}
