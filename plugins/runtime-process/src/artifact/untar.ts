import { createReadStream } from "node:fs";
import { Parser, type ReadEntry } from "tar";
import { type ArchiveBounds, type ArchiveWriter, refuse } from "./archive-writer.ts";

/** Unpacks a tar.gz archive through `writer`, one entry after the other. Throws the library's error when it is damaged. */
export async function untar(
  path: string,
  writer: ArchiveWriter,
  bounds: ArchiveBounds,
  signal: AbortSignal,
): Promise<void> {
  const work = new AbortController();
  let queue = Promise.resolve();
  const parser = new Parser({ strict: true, maxDecompressionRatio: bounds.maxRatio });
  parser.on("entry", (entry: ReadEntry) => {
    // Entries wait their turn in the parser, which reads no further while one is not consumed.
    queue = queue.then(() => unpackEntry(entry, writer));
    queue.catch((error) => work.abort(error));
  });
  const parsed = new Promise<void>((resolve, reject) => {
    parser.on("end", resolve);
    parser.on("error", reject);
    work.signal.addEventListener("abort", () => reject(work.signal.reason), { once: true });
  });
  const source = createReadStream(path, { signal: AbortSignal.any([signal, work.signal]) });
  const read = (async () => {
    for await (const chunk of source) {
      if (!parser.write(chunk)) await drained(parser, work.signal);
    }
    parser.end();
  })();
  try {
    await Promise.all([read, parsed]);
    await queue;
  } catch (error) {
    work.abort(error);
    await Promise.allSettled([read, queue]);
    throw work.signal.reason ?? error;
  } finally {
    source.destroy();
  }
}

function drained(parser: Parser, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once("drain", resolve);
    parser.once("error", reject);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

async function unpackEntry(entry: ReadEntry, writer: ArchiveWriter): Promise<void> {
  const { path, type, mode = 0, linkpath = "" } = entry;
  switch (type) {
    case "File":
    case "OldFile":
    case "ContiguousFile":
      return writer.file(path, entry, () => (mode & 0o111) !== 0);
    case "Directory":
    case "GNUDumpDir":
      entry.resume();
      return writer.directory(path);
    case "SymbolicLink":
      entry.resume();
      return writer.symlink(path, linkpath);
    case "Link":
      entry.resume();
      return writer.hardLink(path, linkpath);
    default:
      entry.resume();
      return refuse(path, `is neither file, directory nor link, but ${type}`);
  }
}
