import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Binding } from "./guard/bind-policy.ts";

/** Limits of the sockets that requests come by. */
export interface SocketLimits {
  /** Time in which a request must have arrived whole, its headers in the third of it. Answers may take any time. */
  readonly requestTimeoutMs: number;
  /** The same for what some routes take; whoever sets it higher bounds the others. */
  readonly largeBodyTimeoutMs: number;
  readonly tls: Binding["tls"];
}

const KEEP_ALIVE_MS = 72_000;
const CHECKS_PER_TIMEOUT = 6;

/** A Node server that neither slow nor silent clients can exhaust. */
export function createNodeServer(listener: RequestListener, limits: SocketLimits): Server {
  const { requestTimeoutMs, largeBodyTimeoutMs, tls } = limits;
  const options = {
    requestTimeout: largeBodyTimeoutMs,
    headersTimeout: Math.ceil(requestTimeoutMs / 3),
    connectionsCheckingInterval: Math.ceil(requestTimeoutMs / CHECKS_PER_TIMEOUT),
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Our own check answers a missing Host with a problem document.
    requireHostHeader: false,
    // Others, such as that of curl --http2, are offers that may be ignored.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === "websocket",
  };
  return tls ? createTlsServer({ ...options, ...tls }, listener) : createServer(options, listener);
}
