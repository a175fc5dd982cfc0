import type { ControllerParts } from "../parts.ts";
import { type ArtifactFiles, fileOf } from "./artifact-files.ts";

/** Removes files without a record, and tells of records without their file: agents could not fetch it. */
export async function compareFiles(files: ArtifactFiles, { objects, log, events }: ControllerParts): Promise<void> {
  const records = [...objects.artifacts.all()].map(({ value }) => value);
  const swept = await files.sweep(new Set(records.map(({ url }) => fileOf(url))));
  if (swept.length > 0) log.info({ files: swept }, "Removed what uploads had left that broke off");
  for (const { artifactId, url, sizeBytes } of records) {
    const size = await files.size(fileOf(url));
    if (size === sizeBytes) continue;
    const message = `The file of ${url} ${size === undefined ? "is missing" : "is damaged"}; upload the archive again`;
    log.error({ artifactId }, message);
    events.publish({ type: "artifact.damaged", message, artifactId });
  }
}
