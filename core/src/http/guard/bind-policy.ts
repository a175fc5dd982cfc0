import { isIP } from "node:net";
import { DamsonError } from "@damson/plugin-sdk";

/** What decides whether a server may listen on an address. */
export interface Binding {
  /** Address or host name to listen on. */
  readonly host: string;
  /** The token that every request must bring. */
  readonly token?: string | undefined;
  /** Certificate and key in PEM. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined;
  /** Listen wherever it is, with neither. @default false */
  readonly insecure?: boolean | undefined;
}

/** Whether `host` is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "").toLowerCase();
  if (isIP(bare) === 4) return bare.startsWith("127.");
  return bare === "::1" || bare === "localhost" || bare.endsWith(".localhost");
}

/**
 * Lets a server listen on the loopback, and elsewhere only with a token or TLS, since whoever reaches it can run programs.
 *
 * @throws DamsonError `BIND_REFUSED` (400).
 */
export function bindPolicy({ host, token, tls, insecure }: Binding): void {
  if (isLoopback(host) || token || tls || insecure) return;
  throw new DamsonError(
    "BIND_REFUSED",
    `Refusing to listen on ${host}, where others could run programs on this machine`,
    {
      status: 400,
      remedy: "Set a token (--token-file or DAMSON_TOKEN) or TLS, listen on 127.0.0.1, or override with --insecure.",
    },
  );
}
