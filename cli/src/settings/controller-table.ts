import { join } from "node:path";
import {
  readAddress,
  readBoolean,
  readCount,
  readList,
  readPath,
  readPercent,
  readPort,
  readSeconds,
  readSize,
  readText,
  readUrl,
} from "./read.ts";
import type { Setting } from "./setting.ts";
import { SETTINGS } from "./table.ts";

/**
 * The settings of `damson controller` alone. None shares a variable or a key with the agent's, so that both can run on a
 * machine with the same environment and the same damson.yaml.
 */
export const CONTROLLER_SETTINGS = {
  dataDir: {
    read: readPath,
    flag: "--data-dir <dir>",
    env: ["DAMSON_DATA_DIR", "CONTROLLER_DATA_DIR"],
    file: "data_dir",
    fallback: ({ root, home }) =>
      root ? "/var/lib/damson-controller" : join(home, ".local", "state", "damson-controller"),
    fallbackText: "`/var/lib/damson-controller` for root, else `~/.local/state/damson-controller`",
    description: "where the controller keeps its objects, archives and logs",
  },
  address: {
    read: readAddress,
    env: ["DAMSON_CONTROLLER_ADDR", "CONTROLLER_ADDR"],
    file: "controller_addr",
    fallback: "127.0.0.1:8080",
    description: "address and port that the controller listens on; `:8080` is every address of the machine",
  },
  host: {
    read: readText,
    flag: "--host <address>",
    env: [],
    fallbackText: "`127.0.0.1`, or that of `CONTROLLER_ADDR`",
    description: "address that the controller listens on; other than loopback it needs a token or TLS",
  },
  port: {
    read: readPort,
    flag: "--port <number>",
    env: [],
    fallbackText: "`8080`, or that of `CONTROLLER_ADDR`",
    description: "port that the controller listens on; 0 takes a free one",
  },
  advertiseUrl: {
    read: readUrl,
    flag: "--advertise-url <url>",
    env: ["DAMSON_ADVERTISE_URL"],
    file: "advertise_url",
    fallbackText: "the address that it listens on",
    description: "URL of the controller, as agents that it calls reach it",
  },
  corsOrigins: {
    read: readList,
    flag: "--cors-origin <origin>",
    env: ["CONTROLLER_CORS_ORIGINS"],
    file: "cors_origins",
    fallback: "",
    fallbackText: "none",
    description: "origin whose pages may call the API, or *; repeat the flag, or separate by commas",
  },
  heartbeatTtl: {
    read: readSeconds,
    flag: "--heartbeat-ttl <seconds>",
    env: ["HEARTBEAT_TTL_SEC"],
    file: "heartbeat_ttl_sec",
    fallback: "15",
    description: "without a message for so long a node is Unknown, and Unhealthy after as long again",
  },
  failover: {
    read: readBoolean,
    flag: "--failover <true|false>",
    env: ["FAILOVER_ENABLED"],
    file: "failover_enabled",
    fallback: "true",
    description: "whether instances of Unhealthy nodes are placed on others",
  },
  failoverMaxLost: {
    read: readPercent,
    flag: "--failover-max-lost <percent>",
    env: ["FAILOVER_MAX_LOST_PERCENT"],
    file: "failover_max_lost_percent",
    fallback: "50",
    description: "when more of all nodes are lost at once, nothing moves; 100: always move",
  },
  failback: {
    read: readBoolean,
    flag: "--failback <true|false>",
    env: ["FAILBACK_ENABLED"],
    file: "failback_enabled",
    fallback: "false",
    description: "whether instances go back by themselves to a node that has returned",
  },
  failbackStable: {
    read: readSeconds,
    flag: "--failback-stable <seconds>",
    env: ["FAILBACK_STABLE_SEC"],
    file: "failback_stable_sec",
    fallback: "300",
    description: "how long a node must have been healthy before instances go back to it",
  },
  failbackMaxRate: {
    read: readCount,
    flag: "--failback-max-rate <number>",
    env: ["FAILBACK_MAX_RATE"],
    file: "failback_max_rate",
    fallback: "10",
    description: "most instances that go back in a minute",
  },
  maxUpload: {
    read: readSize,
    flag: "--max-upload <size>",
    env: ["DAMSON_MAX_UPLOAD"],
    file: "max_upload",
    fallback: "1g",
    description: "largest archive that can be uploaded, e.g. 512m",
  },
} as const satisfies Record<string, Setting>;

/** The settings that a controller and an agent have in common. */
export const SHARED_SETTINGS = {
  plugins: SETTINGS.plugins,
  tokenFile: SETTINGS.tokenFile,
  token: SETTINGS.token,
  tlsCert: SETTINGS.tlsCert,
  tlsKey: SETTINGS.tlsKey,
  insecure: SETTINGS.insecure,
  allowedHosts: SETTINGS.allowedHosts,
} as const satisfies Record<string, Setting>;
