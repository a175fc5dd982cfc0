import { DamsonError } from "@damson/plugin-sdk";

/** The origins of other sites whose pages may call a server. */
export class Origins {
  readonly #listed: ReadonlySet<string>;
  readonly #all: boolean;

  /**
   * `listed`: each as a browser writes it, e.g. `https://shop.example:8443`; `*` for all.
   *
   * @throws DamsonError `ORIGIN_INVALID` (400).
   */
  constructor(listed: readonly string[]) {
    this.#all = listed.includes("*");
    this.#listed = new Set(listed.filter((origin) => origin !== "*").map(readOrigin));
  }

  get isEmpty(): boolean {
    return !this.#all && this.#listed.size === 0;
  }

  allows(origin: string): boolean {
    return this.#all || this.#listed.has(origin.toLowerCase());
  }
}

function readOrigin(text: string): string {
  const url = URL.parse(text);
  // Whoever writes a slash after it means the same.
  if (url && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href) return url.origin;
  throw new DamsonError("ORIGIN_INVALID", `${JSON.stringify(text)} is not the origin of a site`, {
    status: 400,
    remedy: "Give scheme, host and, unless it is the usual one, the port, e.g. https://shop.example:8443; or *.",
  });
}
