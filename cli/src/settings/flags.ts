import { type Command, Option } from "commander";
import type { FlagValues } from "./resolve.ts";
import { SETTINGS, type Setting, type SettingName } from "./table.ts";

/** Adds the flags of these settings to a command. */
export function addSettingFlags(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) {
    const setting: Setting = SETTINGS[name];
    if (setting.flag === undefined) continue;
    const option = new Option(setting.flag, help(setting));
    if (name === "allowedHosts") option.argParser((value: string, all: readonly string[] = []) => [...all, value]);
    command.addOption(option);
  }
  return command;
}

/** What was given of the settings' flags, by setting. */
export function flagValues(options: Readonly<Record<string, unknown>>): FlagValues {
  const values: { [N in SettingName]?: unknown } = {};
  for (const name of settingNames()) {
    const setting: Setting = SETTINGS[name];
    if (setting.flag === undefined) continue;
    values[name] = options[new Option(setting.flag).attributeName()];
  }
  return values;
}

/** The names of all settings, in the order of the table. */
export function settingNames(): SettingName[] {
  return Object.keys(SETTINGS).filter((name): name is SettingName => name in SETTINGS);
}

function help({ description, env, fallback, fallbackText }: Setting): string {
  const plain = fallbackText?.replaceAll("`", "") ?? (typeof fallback === "string" ? fallback : undefined);
  const facts = [...env.slice(0, 1), ...(plain === undefined ? [] : [`default: ${plain}`])];
  return facts.length === 0 ? description : `${description} (${facts.join("; ")})`;
}
