import { usageError } from "../cli-error.ts";
import { readDotEnv, readSettingsFile, type SettingsFile } from "./files.ts";
import type { Machine } from "./machine.ts";
import { SETTINGS, type Setting, type SettingName } from "./table.ts";

/** The value of every setting. */
export interface Settings {
  readonly agent: string;
  /** At most one of `token` and `tokenFile` is there: the one of higher precedence. */
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly workDir: string;
  readonly port: number;
  readonly host: string;
  readonly agentId: string;
  readonly nodeId: string | undefined;
  readonly plugins: string | undefined;
  readonly runMode: string;
  readonly controller: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly insecure: boolean;
  readonly allowedHosts: readonly string[];
}

/** Raw values of flags by the name of their setting; absent where a flag was not given. */
export type FlagValues = { readonly [N in SettingName]?: unknown };

/** A value as it was found, before it is read. */
interface Found {
  /** Where, as the user knows it: `--port`, `DAMSON_PORT`, or `port` of a file. */
  readonly source: string;
  readonly raw: unknown;
  /** Folder that a relative path starts from. */
  readonly base: string;
}

/**
 * Settles every setting: flag, then environment, then `.env`, then settings file, then default.
 *
 * @param fallbacks Defaults that differ from the table's.
 * @throws CliError (exit code 2) that names the source of a value that cannot be read.
 */
export async function resolveSettings(
  flags: FlagValues,
  machine: Machine,
  fallbacks: FlagValues = {},
): Promise<Settings> {
  const places = {
    flags,
    machine,
    dotEnv: await readDotEnv(machine),
    file: await readSettingsFile(machine),
    fallbacks,
  };
  const find = <T>(name: SettingName, setting: Setting<T>): T | undefined => {
    const found = lookUp(name, setting, places);
    return found && read(setting, found);
  };
  const settle = <T>(name: SettingName, setting: WithFallback<T>): T =>
    find(name, setting) ?? read(setting, { source: name, raw: fallbackOf(setting, machine), base: machine.cwd });
  const token = flags.tokenFile === undefined ? find("token", SETTINGS.token) : undefined;
  return {
    agent: settle("agent", SETTINGS.agent),
    token,
    tokenFile: token === undefined ? find("tokenFile", SETTINGS.tokenFile) : undefined,
    workDir: settle("workDir", SETTINGS.workDir),
    port: settle("port", SETTINGS.port),
    host: settle("host", SETTINGS.host),
    agentId: settle("agentId", SETTINGS.agentId),
    nodeId: find("nodeId", SETTINGS.nodeId),
    plugins: find("plugins", SETTINGS.plugins),
    runMode: settle("runMode", SETTINGS.runMode),
    controller: find("controller", SETTINGS.controller),
    tlsCert: find("tlsCert", SETTINGS.tlsCert),
    tlsKey: find("tlsKey", SETTINGS.tlsKey),
    insecure: settle("insecure", SETTINGS.insecure),
    allowedHosts: settle("allowedHosts", SETTINGS.allowedHosts),
  };
}

type WithFallback<T> = Setting<T> & Required<Pick<Setting, "fallback">>;

function fallbackOf({ fallback }: WithFallback<unknown>, machine: Machine): string {
  return typeof fallback === "string" ? fallback : fallback(machine);
}

interface Places {
  readonly flags: FlagValues;
  readonly machine: Machine;
  readonly dotEnv: Readonly<Record<string, string>>;
  readonly file: SettingsFile | undefined;
  readonly fallbacks: FlagValues;
}

/** The raw value of highest precedence. An empty environment variable counts as absent. */
function lookUp(name: SettingName, setting: Setting, places: Places): Found | undefined {
  const { flags, machine, dotEnv, file, fallbacks } = places;
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
