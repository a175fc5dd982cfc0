import { isAbsolute, resolve } from "node:path";
import type { ControllerClient } from "@damson/client";
import { readDocuments } from "../apply/documents.ts";
import { resolvePaths } from "../apply/relative-paths.ts";
import { CliError } from "../cli-error.ts";
import { uploadArchive } from "../cluster/upload.ts";

/** A mapping of a document. */
type Mapping = { [key: string]: unknown };

/**
 * Puts in place of files of this machine what a controller takes. An entry's `artifact: ./demo.zip` is uploaded, and becomes
 * its `artifactUrl`; `spec: ./app.yaml` becomes the document of that file. Relative paths start from the folder of the
 * deployment's file.
 *
 * @throws CliError `FILE_UNREADABLE`, `ENTRY_INVALID` and so on, and what the controller answers to an upload.
 */
export async function resolveFiles(
  client: ControllerClient,
  document: Mapping,
  folder: string,
  quiet: boolean,
): Promise<void> {
  for (const entry of entriesOf(document)) {
    if (typeof entry.spec === "string") entry.spec = await readSpec(resolve(folder, entry.spec));
    else if (isMapping(entry.spec)) resolvePaths(entry.spec, folder);
    if (typeof entry.artifact !== "string") continue;
    if (entry.artifactUrl !== undefined) {
      throw new CliError("ENTRY_INVALID", "an entry has `artifact`, a file to upload, or `artifactUrl`, and not both");
    }
    if (/^https?:\/\/|^\/artifacts\//.test(entry.artifact)) {
      throw new CliError("ENTRY_INVALID", `\`artifact\` is a file of this machine, and ${entry.artifact} is a URL`, {
        remedy: "Write it as `artifactUrl`; an archive that is not on the controller needs its `sha256` too.",
      });
    }
    const file = isAbsolute(entry.artifact) ? entry.artifact : resolve(folder, entry.artifact);
    const { url } = await uploadArchive(client, file, quiet);
    delete entry.artifact;
    entry.artifactUrl = url;
  }
}

/** The entries, or the document itself where it is its only entry. */
function entriesOf(document: Mapping): readonly Mapping[] {
  return Array.isArray(document.entries) ? document.entries.filter(isMapping) : [document];
}

async function readSpec(file: string): Promise<Mapping> {
  const [document, ...others] = await readDocuments(file);
  if (!document || others.length > 0) {
    throw new CliError("ENTRY_INVALID", `${file}: a spec is one document, and it holds ${others.length + 1}`);
  }
  resolvePaths(document.value, document.folder);
  return document.value;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
