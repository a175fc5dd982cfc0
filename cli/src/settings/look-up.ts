import { usageError } from "../cli-error.ts";
import { readDotEnv, readSettingsFile, type SettingsFile } from "./files.ts";
import type { Machine } from "./machine.ts";
import type { Setting } from "./setting.ts";

/** Raw values by the name of their setting; absent or `undefined` where none was given. */
export type RawValues = Readonly<Record<string, unknown>>;

/** Everything that values of settings can come from, but the table's defaults. */
export interface Places {
  readonly flags: RawValues;
  readonly machine: Machine;
  readonly dotEnv: Readonly<Record<string, string>>;
  readonly file: SettingsFile | undefined;
  /** Defaults that differ from the table's. */
  readonly fallbacks: RawValues;
}

/** A setting that always has a value. */
type WithFallback<T> = Setting<T> & Required<Pick<Setting, "fallback">>;

/** A value as it was found, before it is read. */
interface Found {
  /** Where, as the user knows it: `--port`, `DAMSON_PORT`, or `port` of a file. */
  readonly source: string;
  readonly raw: unknown;
  /** Folder that a relative path starts from. */
  readonly base: string;
}

/**
 * Reads `.env` and the settings file.
 *
 * @throws CliError `SETTINGS_INVALID` (exit code 2).
 */
export async function openPlaces(flags: RawValues, machine: Machine, fallbacks: RawValues): Promise<Places> {
  return { flags, machine, dotEnv: await readDotEnv(machine), file: await readSettingsFile(machine), fallbacks };
}

/**
 * The value of highest precedence: flag, then environment, then `.env`, then settings file; `undefined` when nothing sets it.
 *
 * @throws CliError (exit code 2) that names the source of a value that cannot be read.
 */
export function find<T>(name: string, setting: Setting<T>, places: Places): T | undefined {
  const found = lookUp(name, setting, places);
  return found && read(setting, found);
}

/** The same, with the table's default where nothing sets it. */
export function settle<T>(name: string, setting: WithFallback<T>, places: Places): T {
  const { fallback } = setting;
  const { machine } = places;
  const raw = typeof fallback === "string" ? fallback : fallback(machine);
  return find(name, setting, places) ?? read(setting, { source: name, raw, base: machine.cwd });
}

/** An empty environment variable counts as absent. */
function lookUp(
  name: string,
  setting: Setting,
  { flags, machine, dotEnv, file, fallbacks }: Places,
): Found | undefined {
  const base = machine.cwd;
  if (flags[name] !== undefined) return { source: setting.flag?.split(" ")[0] ?? name, raw: flags[name], base };
  for (const [env, origin] of [
    [machine.env, ""],
    [dotEnv, " in .env"],
  ] as const) {
    const variable = setting.env.find((key) => env[key]);
    if (variable) return { source: variable + origin, raw: env[variable], base };
  }
  const raw = setting.file === undefined ? undefined : file?.values[setting.file];
  if (file && raw !== undefined) return { source: `${setting.file} in ${file.file}`, raw, base: file.folder };
  if (fallbacks[name] !== undefined) return { source: name, raw: fallbacks[name], base };
  return undefined;
}

function read<T>(setting: Setting<T>, { source, raw, base }: Found): T {
  const reading = setting.read(raw, base);
  if ("value" in reading) return reading.value;
  throw usageError(`${source}: expected ${reading.expected}, got ${JSON.stringify(raw)}`);
}
