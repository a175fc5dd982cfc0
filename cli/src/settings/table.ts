import { join } from "node:path";
import { readBoolean, readList, readPath, readPort, readText, readUrl } from "./read.ts";
import { readCapacity, readPairs } from "./read-pairs.ts";
import type { Setting } from "./setting.ts";

/** Every setting of `damson`, but those of `damson controller` alone. Help texts and docs/reference/settings.md are made from it. */
export const SETTINGS = {
  agent: {
    read: readUrl,
    flag: "--agent <url>",
    env: ["DAMSON_AGENT"],
    file: "agent",
    fallback: "http://127.0.0.1:8081",
    description: "the agent that commands talk to",
  },
  tokenFile: {
    read: readPath,
    flag: "--token-file <file>",
    env: [],
    file: "token_file",
    description: "file with the token: what commands send, and what an agent or a controller asks for",
  },
  token: {
    read: readText,
    env: ["DAMSON_TOKEN"],
    description: "the token itself, where a file is not at hand",
  },
  workDir: {
    read: readPath,
    flag: "--work-dir <dir>",
    env: ["DAMSON_WORK_DIR", "AGENT_WORK_DIR", "AGENT_DATA_DIR"],
    file: "work_dir",
    fallback: ({ root, home }) => (root ? "/var/lib/damson" : join(home, ".local", "state", "damson")),
    fallbackText: "`/var/lib/damson` for root, else `~/.local/state/damson`",
    description: "where the agent keeps its state and the apps' logs",
  },
  port: {
    read: readPort,
    flag: "--port <number>",
    env: ["DAMSON_PORT", "AGENT_SERVER_PORT"],
    file: "port",
    fallback: "8081",
    description: "port that the agent listens on; 0 takes a free one",
  },
  host: {
    read: readText,
    flag: "--host <address>",
    env: ["DAMSON_HOST", "AGENT_SERVER_HOST"],
    file: "host",
    fallback: "127.0.0.1",
    description: "address that the agent listens on; other than loopback it needs a token or TLS",
  },
  agentId: {
    read: readText,
    flag: "--agent-id <id>",
    env: ["DAMSON_AGENT_ID", "AGENT_ID", "AGENT_NODE_ID"],
    file: "agent_id",
    fallback: ({ hostname }) => hostname,
    fallbackText: "the host name",
    description: "name of the agent; it marks everything that the agent creates",
  },
  nodeId: {
    read: readText,
    env: ["AGENT_NODE_ID"],
    file: "node_id",
    fallbackText: "the agent's id",
    description: "name of the machine, as apps and the controller see it",
  },
  plugins: {
    read: readPath,
    flag: "--config <file>",
    env: ["DAMSON_CONFIG"],
    file: "plugins",
    fallbackText:
      "`plugins.yaml` in the current folder, else in the work directory, else the process and the Docker runtime",
    description: "plugins.yaml: which plugins to load, and their configuration",
  },
  runMode: {
    read: readText,
    flag: "--run-mode <runtime>",
    env: ["DAMSON_RUN_MODE", "AGENT_RUN_MODE"],
    file: "run_mode",
    fallback: "process",
    description: "the runtime that runs packages which several serve, such as `artifact`",
  },
  controller: {
    read: readUrl,
    flag: "--controller <url>",
    env: ["DAMSON_CONTROLLER", "CONTROLLER_BASE"],
    file: "controller",
    fallbackText: "`http://127.0.0.1:8080` for commands; an agent joins none",
    description: "controller that commands talk to, and that the agent joins",
  },
  controllerTokenFile: {
    read: readPath,
    flag: "--controller-token-file <file>",
    env: ["DAMSON_CONTROLLER_TOKEN_FILE"],
    file: "controller_token_file",
    description: "file with the token that the agent sends to its controller",
  },
  controllerToken: {
    read: readText,
    env: ["DAMSON_CONTROLLER_TOKEN"],
    description: "that token itself, where a file is not at hand",
  },
  nodeLabels: {
    read: readPairs,
    flag: "--label <key=value>",
    env: ["DAMSON_NODE_LABELS"],
    file: "node_labels",
    fallback: "",
    fallbackText: "none",
    description: "label of the node, for placement by the controller; repeat the flag, or separate by commas",
  },
  ip: {
    read: readText,
    flag: "--ip <address>",
    env: ["DAMSON_IP", "AGENT_IP"],
    file: "ip",
    fallbackText: "that by which the node reaches its controller",
    description: "address by which the node and its services are reached",
  },
  capacity: {
    read: readCapacity,
    flag: "--capacity <amounts>",
    env: ["DAMSON_NODE_CAPACITY"],
    file: "node_capacity",
    fallbackText: "the machine's cores and memory",
    description: "what the controller may place on the node, e.g. cpu=4,memory=8g",
  },
  tlsCert: {
    read: readPath,
    flag: "--tls-cert <file>",
    env: ["DAMSON_TLS_CERT"],
    file: "tls_cert",
    description: "certificate chain in PEM: the agent, or the controller, serves HTTPS",
  },
  tlsKey: {
    read: readPath,
    flag: "--tls-key <file>",
    env: ["DAMSON_TLS_KEY"],
    file: "tls_key",
    description: "private key of the certificate in PEM",
  },
  insecure: {
    read: readBoolean,
    flag: "--insecure",
    env: ["DAMSON_INSECURE"],
    file: "insecure",
    fallback: "false",
    description: "listen beyond loopback without a token and without TLS; every status says so",
  },
  allowedHosts: {
    read: readList,
    flag: "--allowed-host <name>",
    env: ["DAMSON_ALLOWED_HOSTS"],
    file: "allowed_hosts",
    fallback: "",
    fallbackText: "none but its own addresses",
    description:
      "further host name by which the agent, or the controller, may be called; repeat the flag, or separate by commas",
  },
} as const satisfies Record<string, Setting>;

/** The name of a setting in the program. */
export type SettingName = keyof typeof SETTINGS;
