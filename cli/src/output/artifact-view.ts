import type { Artifact } from "@damson/client";
import type { Colors } from "./colors.ts";
import { ago, size } from "./human.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";

/** Uploaded archives, one line each. */
export function artifactTable(artifacts: readonly Artifact[], colors: Colors): string {
  if (artifacts.length === 0) return "No archives. Upload one with `damson app upload demo.zip`.";
  const rows = artifacts.map(({ artifactId, name, version, sizeBytes, createdAt, usedBy, url }) => [
    plain(name),
    plain(version),
    size(sizeBytes),
    ago(new Date(createdAt * 1_000).toISOString()),
    plain(usedBy.join(", ")) || "-",
    artifactId,
    url,
  ]);
  // Not cut to the terminal's width: the URL is there to be copied.
  return table(["APP", "VERSION", "SIZE", "UPLOADED", "USED BY", "ID", "URL"], rows, colors);
}
