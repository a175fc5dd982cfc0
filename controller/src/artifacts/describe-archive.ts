import { inspectZip } from "@damson/artifact";
import { DamsonError, type Issue, isVersion } from "@damson/plugin-sdk";
import type { ArtifactRecord } from "../model/artifact.ts";
import type { Received } from "./receive.ts";

/** Names become part of file names; capitals are welcome, as Plum's clients send them. */
const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/**
 * Reads what an uploaded archive says of itself.
 *
 * @throws DamsonError `NOT_A_ZIP`, `ZIP_INCOMPLETE`, `META_INVALID` (400), `ARCHIVE_UNSAFE` or `ARCHIVE_TOO_BIG` (422).
 */
export async function describeArchive({
  path,
  sizeBytes,
}: Received): Promise<Pick<ArtifactRecord, "name" | "version" | "services">> {
  const { start, meta } = await inspectZip(path, sizeBytes);
  const { name, version, services = [] } = meta ?? {};
  if (!start || name === undefined || version === undefined) throw incomplete(start, meta !== undefined, name, version);
  const issues: Issue[] = [
    ...(NAME.test(name) ? [] : [{ path: "name", message: `${shown(name)} cannot be the name of an artifact` }]),
    ...(isVersion(version) ? [] : [{ path: "version", message: `${shown(version)} cannot be a version` }]),
  ];
  if (issues.length === 0) return { name, version, services };
  throw new DamsonError("META_INVALID", `meta.ini: ${issues.map(({ message }) => message).join("; ")}`, {
    status: 400,
    issues,
    remedy:
      "Use letters, digits, '.', '_' and '-' (in a version also '+'), at most 63 in a name and 128 in a version, with a " +
      "letter or digit at both ends.",
  });
}

function incomplete(start: boolean, meta: boolean, name: unknown, version: unknown): DamsonError {
  const missing = [
    !start && "start.sh",
    !meta && "meta.ini",
    meta && name === undefined && "name= in meta.ini",
    meta && version === undefined && "version= in meta.ini",
  ].filter((part) => part !== false);
  const message = `zip must contain start.sh and meta.ini(name,version); missing: ${missing.join(", ")}`;
  return new DamsonError("ZIP_INCOMPLETE", message, {
    status: 400,
    remedy: "Put start.sh, and a meta.ini with the lines name=… and version=…, at the top of the archive.",
  });
}

function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
