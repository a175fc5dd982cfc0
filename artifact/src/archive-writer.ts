import { link, mkdir, open, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DamsonError } from "@damson/plugin-sdk";

/** Bounds on one archive. */
export interface ArchiveBounds {
  readonly maxEntries: number;
  /** In bytes, of all files together. */
  readonly maxUnpacked: number;
  /** Unpacked bytes for each byte of the archive. */
  readonly maxRatio: number;
}

/** Below this no ratio is too high: small files of blanks are no attack. */
export const RATIO_FREE_BYTES = 64 * 2 ** 20;

/** @throws always DamsonError `ARCHIVE_UNSAFE` (422). */
export function refuse(entry: string, why: string): never {
  throw new DamsonError("ARCHIVE_UNSAFE", `the archive is refused: ${JSON.stringify(entry)} ${why}`, {
    status: 422,
    remedy: "Build the archive from the app's own files only.",
  });
}

/**
 * Writes the entries of an archive into a new, empty directory, and nothing outside of it. One rule for all formats:
 * names are relative and without `..`; no name is used twice; nothing is written through a link, because links are made
 * last; a link leads to a place in the directory; only files, directories and links exist.
 */
export class ArchiveWriter {
  readonly #root: string;
  readonly #bounds: ArchiveBounds;
  readonly #archiveBytes: number;
  readonly #kinds = new Map<string, "directory" | "file" | "symlink">();
  readonly #symlinks: { path: string; target: string }[] = [];
  #bytes = 0;

  constructor(root: string, archiveBytes: number, bounds: ArchiveBounds) {
    this.#root = root;
    this.#archiveBytes = archiveBytes;
    this.#bounds = bounds;
  }

  async directory(name: string): Promise<void> {
    await this.#makeDirectories(safeParts(name));
  }

  /** Writes a file, counting its true size. `executable` is asked when its first bytes are known. */
  async file(name: string, content: AsyncIterable<Buffer>, executable: (head: Buffer) => boolean): Promise<void> {
    const path = await this.#claim(name, "file");
    const file = await open(join(this.#root, path), "wx", 0o600);
    try {
      let head: Buffer | undefined;
      for await (const chunk of content) {
        head ??= chunk;
        this.#count(name, chunk.length);
        await file.write(chunk);
      }
      await file.chmod(executable(head ?? Buffer.alloc(0)) ? 0o755 : 0o644);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Notes a symbolic link; it is made by {@link finish}. */
  async symlink(name: string, target: string): Promise<void> {
    const path = await this.#claim(name, "symlink");
    if (!staysInside(path, target)) refuse(name, `is a link that leads out of it, to ${JSON.stringify(target)}`);
    this.#symlinks.push({ path, target });
  }

  /** A second name of a file that the archive has brought before. */
  async hardLink(name: string, target: string): Promise<void> {
    const existing = safeParts(target).join("/");
    if (this.#kinds.get(existing) !== "file")
      refuse(name, `is a link to ${JSON.stringify(target)}, which is no file in it`);
    const path = await this.#claim(name, "file");
    await link(join(this.#root, existing), join(this.#root, path));
  }

  async finish(): Promise<void> {
    for (const { path, target } of this.#symlinks) await symlink(target, join(this.#root, path));
  }

  async #claim(name: string, kind: "file" | "symlink"): Promise<string> {
    const parts = safeParts(name);
    const path = parts.join("/");
    if (path === "") refuse(name, "has no name");
    await this.#makeDirectories(parts.slice(0, -1));
    if (this.#kinds.has(path)) refuse(name, "is there twice");
    this.#add(path, kind);
    return path;
  }

  async #makeDirectories(parts: readonly string[]): Promise<void> {
    let path = "";
    for (const part of parts) {
      path = path === "" ? part : `${path}/${part}`;
      const kind = this.#kinds.get(path);
      if (kind === "directory") continue;
      if (kind) refuse(path, `is a directory and a ${kind} at once`);
      this.#add(path, "directory");
      await mkdir(join(this.#root, path), { mode: 0o755 });
    }
  }

  #add(path: string, kind: "directory" | "file" | "symlink"): void {
    if (this.#kinds.size >= this.#bounds.maxEntries) tooBig(`it has more than ${this.#bounds.maxEntries} entries`);
    this.#kinds.set(path, kind);
  }

  #count(name: string, bytes: number): void {
    this.#bytes += bytes;
    const { maxUnpacked, maxRatio } = this.#bounds;
    if (this.#bytes > maxUnpacked) tooBig(`with ${name} it unpacks to more than ${maxUnpacked} bytes`);
    if (this.#bytes > RATIO_FREE_BYTES && this.#bytes > this.#archiveBytes * maxRatio) {
      tooBig(`it unpacks to more than ${maxRatio} times its own size`);
    }
  }
}

/** @throws always DamsonError `ARCHIVE_TOO_BIG` (422). */
export function tooBig(why: string): never {
  throw new DamsonError("ARCHIVE_TOO_BIG", `the archive is refused: ${why}`, {
    status: 422,
    remedy: "If the archive is right, raise the bound in plugins.yaml (artifacts).",
  });
}

/** The parts of a name that stays inside. @throws DamsonError `ARCHIVE_UNSAFE` (422). */
export function safeParts(name: string): string[] {
  if (name.includes("\0")) refuse(name, "has a NUL in its name");
  if (name.startsWith("/") || /^[A-Za-z]:[\\/]/.test(name)) refuse(name, "has an absolute name");
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) refuse(name, "leads out of it");
  return parts;
}

/**
 * Whether a symbolic link leads to a place inside. `..` is taken only at the front: behind the name of another link it
 * would mean that link's parent, and not what the text says.
 */
function staysInside(path: string, target: string): boolean {
  if (target === "" || target.startsWith("/") || target.includes("\0")) return false;
  const parts = target.split("/").filter((part) => part !== "" && part !== ".");
  const ups = parts.findIndex((part) => part !== "..");
  const climb = ups < 0 ? parts.length : ups;
  if (parts.slice(climb).includes("..")) return false;
  const depth = dirname(path) === "." ? 0 : dirname(path).split("/").length;
  return climb <= depth;
}
