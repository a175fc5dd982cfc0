import { chmod, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DamsonError, errorText, hasCode, isDamsonError } from "@damson/plugin-sdk";
import { type ArchiveBounds, ArchiveWriter } from "./archive-writer.ts";

/** What is run when a spec names no command. */
export const START = "start.sh";

/** How to unpack. */
export interface UnpackOptions {
  readonly bounds: ArchiveBounds;
  readonly signal: AbortSignal;
  /** Called with the directory before it appears under its name. */
  readonly finish?: ((directory: string) => Promise<void>) | undefined;
}

/**
 * Unpacks an archive into `directory`, which appears only when it is complete. Does nothing when it is there.
 *
 * @throws DamsonError `ARCHIVE_UNKNOWN`, `ARCHIVE_DAMAGED`, `ARCHIVE_UNSAFE` or `ARCHIVE_TOO_BIG` (422).
 */
export async function unpack(
  archive: string,
  directory: string,
  { bounds, signal, finish }: UnpackOptions,
): Promise<void> {
  if ((await stat(directory).catch(() => undefined))?.isDirectory()) return;
  const { size } = await stat(archive);
  const format = await formatOf(archive);
  const next = join(dirname(directory), `.${basename(directory)}.next`);
  await rm(next, { recursive: true, force: true });
  await mkdir(next, { mode: 0o755 });
  try {
    const writer = new ArchiveWriter(next, size, bounds);
    // Loaded when needed: most agents never unpack anything.
    if (format === "zip") await (await import("./unzip.ts")).unzip(archive, writer, signal);
    else await (await import("./untar.ts")).untar(archive, writer, bounds, signal);
    await writer.finish();
    // It may have been packed where there are no modes.
    await chmod(join(next, START), 0o755).catch(ignoreMissing);
    await finish?.(next);
    await rename(next, directory);
  } catch (error) {
    await rm(next, { recursive: true, force: true });
    throw isDamsonError(error) || signal.aborted || isSystemError(error) ? error : damaged(error);
  }
}

async function formatOf(archive: string): Promise<"zip" | "tar.gz"> {
  const file = await open(archive);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    const magic = buffer.subarray(0, bytesRead).toString("latin1");
    if (magic === "PK\x03\x04" || magic === "PK\x05\x06") return "zip";
    if (magic.startsWith("\x1f\x8b")) return "tar.gz";
  } finally {
    await file.close();
  }
  throw new DamsonError("ARCHIVE_UNKNOWN", "the artifact is neither a zip nor a tar.gz archive", {
    status: 422,
    remedy: "Pack the app as .zip, .tar.gz or .tgz.",
  });
}

function damaged(error: unknown): DamsonError {
  return new DamsonError("ARCHIVE_DAMAGED", `the archive cannot be unpacked: ${errorText(error)}`, {
    status: 422,
    cause: error,
  });
}

/** A disk that is full or broken is no fault of the archive. zlib's errors have codes too, but they all begin with Z. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

function ignoreMissing(error: unknown): void {
  if (!hasCode(error, "ENOENT", "ELOOP")) throw error;
}
