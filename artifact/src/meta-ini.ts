import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "@damson/plugin-sdk";

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
/** Name of the file in which an artifact says what it is. */
export const META = "meta.ini";
/** In bytes. */
export const LARGEST_META = 65_536;

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
    const at = line.search(/[=:]/);
    const key = line.slice(0, Math.max(at, 0)).trim().toLowerCase();
    const value = line.slice(at + 1).trim();
    if (key === "" || key.startsWith("#") || key.startsWith(";")) continue;
    if (key === "service") services.push(...parseService(value));
    else values.set(key, value);
  }
  const name = values.get("name");
  const version = values.get("version");
  return { ...(name ? { name } : {}), ...(version ? { version } : {}), services };
}

/**
 * Reads the meta.ini of an unpacked artifact; empty when there is none, or something that cannot be one. The app may have
 * put there what it likes: a link to elsewhere, or a pipe that nobody writes to.
 */
export async function readArtifactMeta(directory: string): Promise<ArtifactMeta> {
  try {
    await using file = await open(join(directory, META), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const found = await file.stat();
    if (!found.isFile() || found.size > LARGEST_META) return { services: [] };
    const { buffer, bytesRead } = await file.read(Buffer.alloc(found.size), 0, found.size, 0);
    return parseMeta(buffer.toString("utf8", 0, bytesRead));
  } catch (error) {
    if (hasCode(error, "ENOENT", "ELOOP", "ENXIO", "ENODEV")) return { services: [] };
    throw error;
  }
}

function parseService(value: string): MetaService[] {
  const [name, protocol, port, ...rest] = value.split(":").map((part) => part.trim());
  const number = Number(port);
  const valid = name && protocol && rest.length === 0 && Number.isInteger(number) && number > 0 && number <= 65_535;
  return valid ? [{ name, protocol, port: number }] : [];
}
