import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DamsonError } from "@damson/plugin-sdk";

export const DEFAULT_SOCKET = "/var/run/docker.sock";
const TLS_PORT = "2376";

/** Where an engine listens. */
export type EngineAddress =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number; readonly tls?: EngineTls };

/** PEM texts by which client and engine know each other. */
export interface EngineTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** The variables of Docker's own clients. */
export interface DockerVariables {
  readonly DOCKER_HOST?: string | undefined;
  readonly DOCKER_TLS_VERIFY?: string | undefined;
  readonly DOCKER_CERT_PATH?: string | undefined;
}

/**
 * Where the engine is: the configured socket, else what Docker's own clients would use.
 *
 * @throws DamsonError `DOCKER_HOST_INVALID` when DOCKER_HOST is no `unix://` or `tcp://` address, or its certificates
 *   cannot be read.
 */
export function engineAddress(socketPath: string | undefined, env: DockerVariables): EngineAddress {
  const host = env.DOCKER_HOST;
  if (socketPath !== undefined) return { socketPath };
  if (!host) return { socketPath: DEFAULT_SOCKET };
  const url = URL.parse(host);
  if (url?.protocol === "unix:" && url.pathname.startsWith("/")) return { socketPath: url.pathname };
  if (url?.protocol !== "tcp:" || url.hostname === "") throw invalid(`it is "${host}"`);
  const verified = Boolean(env.DOCKER_TLS_VERIFY) || url.port === TLS_PORT;
  const tls = verified ? { tls: readTls(env.DOCKER_CERT_PATH) } : {};
  // The brackets around an address of IPv6 are the URL's.
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port || (verified ? TLS_PORT : "2375")),
    ...tls,
  };
}

/** The address as people know it. */
export function addressText(address: EngineAddress): string {
  if ("socketPath" in address) return address.socketPath;
  const { host, port } = address;
  return `tcp://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function readTls(folder: string | undefined): EngineTls {
  if (!folder) throw invalid("it asks for TLS, and DOCKER_CERT_PATH is not set");
  try {
    const read = (name: string): string => readFileSync(join(folder, name), "utf8");
    return { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
  } catch (cause) {
    throw invalid(`ca.pem, cert.pem and key.pem in ${folder} cannot be read`, cause);
  }
}

function invalid(why: string, cause?: unknown): DamsonError {
  return new DamsonError("DOCKER_HOST_INVALID", `DOCKER_HOST cannot be used: ${why}`, {
    remedy: "Write unix:///path/of/docker.sock or tcp://host:port, or set socket_path in plugins.yaml.",
    cause,
  });
}
