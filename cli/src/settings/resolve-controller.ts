import type { ControllerSettings } from "@damson/controller";
import { CONTROLLER_SETTINGS } from "./controller-table.ts";
import { find, openPlaces, type RawValues, settle } from "./look-up.ts";
import type { Machine } from "./machine.ts";
import { SETTINGS } from "./table.ts";

/** How a controller is started. */
export interface ControllerStart {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly advertiseUrl: string | undefined;
  readonly plugins: string | undefined;
  /** At most one of `token` and `tokenFile` is there: the one of higher precedence. */
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly insecure: boolean;
  readonly allowedHosts: readonly string[];
  readonly settings: ControllerSettings;
}

/**
 * Settles every setting of `damson controller`, as `resolveSettings` does for the rest.
 *
 * @param fallbacks Defaults that differ from the table's.
 * @throws CliError (exit code 2) that names the source of a value that cannot be read.
 */
export async function resolveControllerSettings(
  flags: RawValues,
  machine: Machine,
  fallbacks: RawValues = {},
): Promise<ControllerStart> {
  const places = await openPlaces(flags, machine, fallbacks);
  const own = CONTROLLER_SETTINGS;
  const address = settle("address", own.address, places);
  const token = flags.tokenFile === undefined ? find("token", SETTINGS.token, places) : undefined;
  return {
    dataDir: settle("dataDir", own.dataDir, places),
    host: find("host", own.host, places) ?? address.host,
    port: find("port", own.port, places) ?? address.port,
    advertiseUrl: find("advertiseUrl", own.advertiseUrl, places),
    plugins: find("plugins", SETTINGS.plugins, places),
    token,
    tokenFile: token === undefined ? find("tokenFile", SETTINGS.tokenFile, places) : undefined,
    tlsCert: find("tlsCert", SETTINGS.tlsCert, places),
    tlsKey: find("tlsKey", SETTINGS.tlsKey, places),
    insecure: settle("insecure", SETTINGS.insecure, places),
    allowedHosts: settle("allowedHosts", SETTINGS.allowedHosts, places),
    settings: {
      heartbeatTtlMs: settle("heartbeatTtl", own.heartbeatTtl, places) * 1_000,
      failover: {
        enabled: settle("failover", own.failover, places),
        maxLostShare: settle("failoverMaxLost", own.failoverMaxLost, places) / 100,
      },
      failback: {
        enabled: settle("failback", own.failback, places),
        stableMs: settle("failbackStable", own.failbackStable, places) * 1_000,
        maxPerMinute: settle("failbackMaxRate", own.failbackMaxRate, places),
      },
      maxUploadBytes: settle("maxUpload", own.maxUpload, places),
      corsOrigins: settle("corsOrigins", own.corsOrigins, places),
    },
  };
}
