import type { AddressInfo } from "node:net";
import { DamsonError, errorText } from "@damson/plugin-sdk";
import type { Server } from "./server.ts";

/** Where {@link listen} listens. */
export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Whether the server was made with TLS. */
  readonly tls?: unknown;
}

/**
 * Begins to serve. @returns the server's URL
 *
 * @throws DamsonError `PORT_TAKEN` (409) or `LISTEN_FAILED`.
 */
export async function listen(server: Server, { host, port, tls }: ListenOptions): Promise<string> {
  await server.listen({ host, port }).catch((thrown: NodeJS.ErrnoException) => {
    throw cannotListen(thrown, host, port);
  });
  const address = server.server.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  return `${tls ? "https" : "http"}://${name}:${address.port}`;
}

function cannotListen(thrown: NodeJS.ErrnoException, host: string, port: number): Error {
  if (thrown.code === "EADDRINUSE") {
    return new DamsonError("PORT_TAKEN", `port ${port} of ${host} is taken by another program`, {
      status: 409,
      remedy: "Choose another with --port, or end that program.",
      cause: thrown,
    });
  }
  return new DamsonError("LISTEN_FAILED", `cannot listen on port ${port} of ${host}: ${errorText(thrown)}`, {
    remedy: "--host takes an address of this machine; ports below 1024 may need root.",
    cause: thrown,
  });
}
