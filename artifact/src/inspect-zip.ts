import { buffer } from "node:stream/consumers";
import { DamsonError, errorText, isDamsonError } from "@damson/plugin-sdk";
import type { Entry, ZipFile } from "yauzl";
import { RATIO_FREE_BYTES, refuse, safeParts, tooBig } from "./archive-writer.ts";
import { boundsOf } from "./config.ts";
import { type ArtifactMeta, LARGEST_META, META, parseMeta } from "./meta-ini.ts";
import { isSystemError, START } from "./unpack.ts";
import { kindOf, nextEntry, openZip, readEntry } from "./unzip.ts";

/** What a zip archive of an app holds, as far as it can be told without unpacking it. */
export interface ZipContents {
  /** Whether there is a start.sh, in any directory. */
  readonly start: boolean;
  /** Of the meta.ini that is nearest to the top; `undefined` when there is none. */
  readonly meta: ArtifactMeta | undefined;
}

/**
 * Looks through the directory of a zip archive, within the default bounds of unpacking, and refuses what no agent would
 * unpack. What an archive says wrongly of its own sizes only shows when it is unpacked.
 *
 * @throws DamsonError `NOT_A_ZIP` (400), `ARCHIVE_UNSAFE` or `ARCHIVE_TOO_BIG` (422).
 */
export async function inspectZip(path: string, archiveBytes: number): Promise<ZipContents> {
  let zip: ZipFile | undefined;
  try {
    zip = await openZip(path);
    return await inspect(zip, archiveBytes);
  } catch (error) {
    if (isDamsonError(error) || isSystemError(error)) throw error;
    throw new DamsonError("NOT_A_ZIP", `not a zip: ${errorText(error)}`, {
      status: 400,
      remedy: "Send a whole zip archive, without encryption.",
      cause: error,
    });
  } finally {
    zip?.close();
  }
}

async function inspect(zip: ZipFile, archiveBytes: number): Promise<ZipContents> {
  const { maxEntries, maxUnpacked, maxRatio } = boundsOf({}).archive;
  const names = new Set<string>();
  let bytes = 0;
  let start = false;
  let meta: { readonly entry: Entry; readonly depth: number } | undefined;
  for (let entry = await nextEntry(zip); entry; entry = await nextEntry(zip)) {
    const { kind } = kindOf(entry);
    const parts = safeParts(entry.fileName);
    const name = parts.join("/");
    if (kind !== "directory" && (name === "" || names.has(name)))
      refuse(entry.fileName, "has no name, or is there twice");
    names.add(name);
    if (names.size > maxEntries) tooBig(`it has more than ${maxEntries} entries`);
    bytes += entry.uncompressedSize;
    if (bytes > maxUnpacked) tooBig(`it unpacks to more than ${maxUnpacked} bytes`);
    if (kind !== "file") continue;
    if (parts.at(-1) === START) start = true;
    if (parts.at(-1) === META && (!meta || parts.length < meta.depth)) meta = { entry, depth: parts.length };
  }
  if (bytes > RATIO_FREE_BYTES && bytes > archiveBytes * maxRatio)
    tooBig(`it unpacks to more than ${maxRatio} times its size`);
  return { start, meta: meta && (await readMeta(zip, meta.entry)) };
}

async function readMeta(zip: ZipFile, entry: Entry): Promise<ArtifactMeta> {
  if (entry.uncompressedSize > LARGEST_META) tooBig(`its ${META} has more than ${LARGEST_META} bytes`);
  return parseMeta((await buffer(await readEntry(zip, entry))).toString());
}
