/** A `service=` line of a meta.ini. */
export interface MetaService {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
}

/** What an artifact says of itself in its meta.ini. */
export interface ArtifactMeta {
  readonly name?: string;
  readonly version?: string;
  readonly services: readonly MetaService[];
}

/**
 * Reads a meta.ini as Plum does: `name=` and `version=`, with `=` or `:`, keys in any case, `#` and `;` comments, and any
 * number of `service=<name>:<protocol>:<port>`. Lines that are none of these are left out.
 */
export function parseMeta(text: string): ArtifactMeta {
  const values = new Map<string, string>();
  const services: MetaService[] = [];
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([^#;=:\s][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line);
    const [, key = "", value = ""] = match ?? [];
    if (key.toLowerCase() === "service") services.push(...parseService(value));
    else if (key !== "") values.set(key.toLowerCase(), value);
  }
  const name = values.get("name");
  const version = values.get("version");
  return { ...(name ? { name } : {}), ...(version ? { version } : {}), services };
}

function parseService(value: string): MetaService[] {
  const [name, protocol, port, ...rest] = value.split(":").map((part) => part.trim());
  const number = Number(port);
  const valid = name && protocol && rest.length === 0 && Number.isInteger(number) && number > 0 && number <= 65_535;
  return valid ? [{ name, protocol, port: number }] : [];
}
