import { find, openPlaces, type RawValues, settle } from "./look-up.ts";
import type { Machine } from "./machine.ts";
import type { Capacity } from "./read-pairs.ts";
import { SETTINGS } from "./table.ts";

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
  /** At most one of the two is there, as of `token` and `tokenFile`. */
  readonly controllerToken: string | undefined;
  readonly controllerTokenFile: string | undefined;
  readonly nodeLabels: Readonly<Record<string, string>>;
  readonly ip: string | undefined;
  readonly capacity: Capacity | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly insecure: boolean;
  readonly allowedHosts: readonly string[];
}

/**
 * Settles every setting: flag, then environment, then `.env`, then settings file, then default.
 *
 * @param fallbacks Defaults that differ from the table's.
 * @throws CliError (exit code 2) that names the source of a value that cannot be read.
 */
export async function resolveSettings(
  flags: RawValues,
  machine: Machine,
  fallbacks: RawValues = {},
): Promise<Settings> {
  const places = await openPlaces(flags, machine, fallbacks);
  const token = flags.tokenFile === undefined ? find("token", SETTINGS.token, places) : undefined;
  const controllerToken =
    flags.controllerTokenFile === undefined ? find("controllerToken", SETTINGS.controllerToken, places) : undefined;
  return {
    agent: settle("agent", SETTINGS.agent, places),
    token,
    tokenFile: token === undefined ? find("tokenFile", SETTINGS.tokenFile, places) : undefined,
    workDir: settle("workDir", SETTINGS.workDir, places),
    port: settle("port", SETTINGS.port, places),
    host: settle("host", SETTINGS.host, places),
    agentId: settle("agentId", SETTINGS.agentId, places),
    nodeId: find("nodeId", SETTINGS.nodeId, places),
    plugins: find("plugins", SETTINGS.plugins, places),
    runMode: settle("runMode", SETTINGS.runMode, places),
    controller: find("controller", SETTINGS.controller, places),
    controllerToken,
    controllerTokenFile:
      controllerToken === undefined ? find("controllerTokenFile", SETTINGS.controllerTokenFile, places) : undefined,
    nodeLabels: settle("nodeLabels", SETTINGS.nodeLabels, places),
    ip: find("ip", SETTINGS.ip, places),
    capacity: find("capacity", SETTINGS.capacity, places),
    tlsCert: find("tlsCert", SETTINGS.tlsCert, places),
    tlsKey: find("tlsKey", SETTINGS.tlsKey, places),
    insecure: settle("insecure", SETTINGS.insecure, places),
    allowedHosts: settle("allowedHosts", SETTINGS.allowedHosts, places),
  };
}
