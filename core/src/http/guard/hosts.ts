import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { DamsonError } from "@damson/plugin-sdk";
import { isLoopback } from "./bind-policy.ts";
import type { Origins } from "./origins.ts";

const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i;
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Decides by which names a server may be called, and from which pages. */
export class Hosts {
  readonly #names: ReadonlySet<string>;
  readonly #pages: ReadonlySet<string>;
  readonly #origins: Origins;

  /**
   * `allowed`: names, with or without a port, beside `host`, this machine's name, `localhost` and addresses. `origins`: whose
   * pages may call beside those of `allowed`.
   */
  constructor(host: string, allowed: readonly string[], origins: Origins) {
    const lower = allowed.map((name) => name.toLowerCase());
    this.#names = new Set([host.toLowerCase(), hostname().toLowerCase(), ...lower]);
    // Not this machine's own names: other programs on it may serve pages too.
    this.#pages = new Set(lower);
    this.#origins = origins;
  }

  /**
   * Refuses a request for a name that is not ours. It would come from a page whose own name was made to lead here (DNS
   * rebinding), and which the browser therefore lets read the answer. An address cannot be made to lead elsewhere.
   *
   * @throws DamsonError `HOST_INVALID` (400) unless there is exactly one readable `Host`, `HOST_REFUSED` (403).
   */
  checkHost(hosts: readonly string[]): void {
    const [host = ""] = hosts;
    if (hosts.length !== 1 || !AUTHORITY.test(host)) {
      throw new DamsonError("HOST_INVALID", "A request needs exactly one Host header with a host name or an address", {
        status: 400,
      });
    }
    const name = nameOf(host);
    if (isIP(name) !== 0 || isLoopback(name) || has(this.#names, host)) return;
    throw new DamsonError("HOST_REFUSED", `This server is not known as "${host}"`, {
      status: 403,
      remedy: "Call it by its address, or add the name to its allowed hosts.",
    });
  }

  /**
   * Refuses what a page of another site sends. Such a page cannot read the answer, but what it asked for would be done.
   *
   * @throws DamsonError `ORIGIN_REFUSED` (403).
   */
  checkOrigin(method: string, headers: IncomingHttpHeaders): void {
    const { origin, host } = headers;
    const isForeign = origin !== undefined && !this.#origins.allows(origin) && !this.#isOwnOrigin(origin, host);
    const isCrossSite = headers["sec-fetch-site"] === "cross-site" && !SAFE_METHODS.has(method);
    if (!isForeign && !(isCrossSite && origin === undefined)) return;
    throw new DamsonError(
      "ORIGIN_REFUSED",
      `Requests from pages of ${origin === "null" ? "no site" : (origin ?? "other sites")} are refused`,
      {
        status: 403,
        remedy: "Open the page from this server itself, or add the page's host to the server's allowed hosts.",
      },
    );
  }

  #isOwnOrigin(origin: string, host: string | undefined): boolean {
    const authority = URL.parse(origin)?.host;
    if (!authority) return false;
    return authority === withoutDefaultPort(origin, host) || has(this.#pages, authority);
  }
}

function has(names: ReadonlySet<string>, authority: string): boolean {
  const lower = authority.toLowerCase();
  return names.has(lower) || names.has(nameOf(lower));
}

/** `host` as a URL of `origin`'s scheme would write it: `shop:443` is `shop` for https. */
function withoutDefaultPort(origin: string, host = ""): string | undefined {
  const scheme = origin.split(":", 1)[0];
  return URL.parse(`${scheme}://${host}`)?.host;
}

/** Without the port, and without the brackets of an IPv6 address. */
function nameOf(authority: string): string {
  return authority.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
}
