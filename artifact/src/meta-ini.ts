import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "@damson/plugin-sdk";

const META = "meta.ini";
const LARGEST_META = 65_536;

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

/** Reads the meta.ini of an unpacked artifact; empty when there is none, or one that is too large to be one. */
export async function readArtifactMeta(directory: string): Promise<ArtifactMeta> {
  const path = join(directory, META);
  try {
    const { size } = await stat(path);
    return parseMeta(size > LARGEST_META ? "" : await readFile(path, "utf8"));
  } catch (error) {
    if (hasCode(error, "ENOENT", "EISDIR", "ELOOP")) return { services: [] };
    throw error;
  }
}

function parseService(value: string): MetaService[] {
  const [name, protocol, port, ...rest] = value.split(":").map((part) => part.trim());
  const number = Number(port);
  const valid = name && protocol && rest.length === 0 && Number.isInteger(number) && number > 0 && number <= 65_535;
  return valid ? [{ name, protocol, port: number }] : [];
}
