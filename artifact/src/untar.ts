import { once } from "node:events";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { Parser, type ReadEntry } from "tar";
import { type ArchiveBounds, type ArchiveWriter, refuse, tooBig } from "./archive-writer.ts";

/** Headers and padding may come on top of what files hold. */
const OVERHEAD_BYTES = 64 * 2 ** 20;

/** Unpacks a tar.gz archive through `writer`, one entry after the other. Throws the library's error when it is damaged. */
export async function untar(
  path: string,
  writer: ArchiveWriter,
  bounds: ArchiveBounds,
  signal: AbortSignal,
): Promise<void> {
  const unzipped = createGunzip();
  // Its errors come out of `unzipped`.
  pipeline(createReadStream(path, { signal }), unzipped, () => undefined);
  const parser = new Parser({ strict: true, maxDecompressionRatio: Number.POSITIVE_INFINITY });
  let current: ReadEntry | undefined;
  let work = Promise.resolve();
  const parsed = new Promise<void>((resolve, reject) => {
    parser.on("entry", (entry: ReadEntry) => {
      // The parser gives the next one only when this one was read to its end.
      current = entry;
      work = work.then(() => unpackEntry(entry, writer));
      work.catch(reject);
    });
    parser.on("end", () => work.then(resolve, reject));
    parser.on("error", reject);
  });
  const feed = async () => {
    let bytes = 0;
    for await (const chunk of unzipped) {
      bytes += chunk.length;
      if (bytes > bounds.maxUnpacked + OVERHEAD_BYTES) tooBig(`it unpacks to more than ${bounds.maxUnpacked} bytes`);
      if (!parser.write(chunk)) await Promise.race([once(parser, "drain"), parsed]);
    }
    parser.end();
  };
  try {
    await Promise.all([feed(), parsed]);
  } finally {
    // After a failure nothing may go on writing.
    unzipped.destroy();
    current?.destroy();
    await work.catch(() => undefined);
  }
}

/** An entry's own iterator would wait for ever when the entry was destroyed while nobody waited. */
async function* contentOf(entry: ReadEntry): AsyncGenerator<Buffer> {
  const chunks = entry[Symbol.asyncIterator]();
  for (;;) {
    if (entry.destroyed) throw new Error("the archive broke off");
    const { done, value } = await chunks.next();
    if (done) return;
    yield value;
  }
}

async function unpackEntry(entry: ReadEntry, writer: ArchiveWriter): Promise<void> {
  const { path, type, mode = 0, linkpath = "" } = entry;
  switch (type) {
    case "File":
    case "OldFile":
    case "ContiguousFile":
      return writer.file(path, contentOf(entry), () => (mode & 0o111) !== 0);
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
