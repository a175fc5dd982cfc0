import { PassThrough, pipeline, type Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Entry, open, type ZipFile } from "yauzl";
import { type ArchiveWriter, refuse } from "./archive-writer.ts";

const UNIX = 3;
const TYPE_MASK = 0o170000;
const FILE = 0o100000;
const DIRECTORY = 0o040000;
const SYMLINK = 0o120000;
const LONGEST_TARGET = 4_096;

/** Unpacks a zip archive through `writer`. Throws the library's error when the archive is damaged. */
export async function unzip(path: string, writer: ArchiveWriter, signal: AbortSignal): Promise<void> {
  const zip = await openZip(path);
  try {
    for (let entry = await nextEntry(zip); entry; entry = await nextEntry(zip)) {
      signal.throwIfAborted();
      await unpackEntry(zip, entry, writer);
    }
  } finally {
    zip.close();
  }
}

async function unpackEntry(zip: ZipFile, entry: Entry, writer: ArchiveWriter): Promise<void> {
  const { fileName } = entry;
  const { kind, mode } = kindOf(entry);
  if (kind === "directory") return writer.directory(fileName);
  const content = await readEntry(zip, entry);
  if (kind === "symlink") return writer.symlink(fileName, (await buffer(content)).toString());
  const executable = mode === 0 ? looksExecutable : () => (mode & 0o111) !== 0;
  return writer.file(fileName, content, executable);
}

/** What an entry is, and its mode; 0 without one. @throws DamsonError `ARCHIVE_UNSAFE` (422) when it may not be. */
export function kindOf(entry: Entry): { kind: "directory" | "file" | "symlink"; mode: number } {
  const { fileName } = entry;
  // Only archives made on Unix carry modes.
  const mode = entry.versionMadeBy >> 8 === UNIX ? entry.externalFileAttributes >>> 16 : 0;
  const type = mode & TYPE_MASK;
  if (fileName.endsWith("/") || type === DIRECTORY) return { kind: "directory", mode };
  if (type !== 0 && type !== FILE && type !== SYMLINK) refuse(fileName, "is neither file, directory nor link");
  if (entry.isEncrypted()) refuse(fileName, "is encrypted");
  if (type === SYMLINK && entry.uncompressedSize > LONGEST_TARGET)
    refuse(fileName, "is a link with an overlong target");
  return { kind: type === SYMLINK ? "symlink" : "file", mode };
}

/** Without modes, programs are known by how they begin: ELF, or `#!`. */
function looksExecutable(head: Buffer): boolean {
  return head.subarray(0, 4).equals(Buffer.from("\x7fELF", "latin1")) || head.subarray(0, 2).toString() === "#!";
}

/** Throws the library's error when it is no zip archive. Whoever opens it closes it. */
export function openZip(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
}

/** The entry after the last one that was read; `undefined` at the end. */
export function nextEntry(zip: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      zip.removeAllListeners();
      finish();
    };
    zip.once("entry", (entry: Entry) => settle(() => resolve(entry)));
    zip.once("end", () => settle(() => resolve(undefined)));
    zip.once("error", (error: Error) => settle(() => reject(error)));
    zip.readEntry();
  });
}

/**
 * The content of an entry. The library's stream runs, and may fail, before anybody reads it: the one that is returned
 * keeps the error until then.
 */
export function readEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else resolve(pipeline(stream, new PassThrough(), () => undefined));
    });
  });
}
