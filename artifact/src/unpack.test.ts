import { existsSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ArchiveBounds } from "./archive-writer.ts";
import { type TarEntry, tarGzOf } from "./testing/tar.ts";
import { type ZipEntry, zipOf } from "./testing/zip.ts";
import { unpack } from "./unpack.ts";

const BOUNDS: ArchiveBounds = { maxEntries: 100, maxUnpacked: 200_000_000, maxRatio: 200 };
const LINK = 0o120777;

let parent: string;
let directory: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "damson-unpack-"));
  directory = join(parent, "box", "app");
});
afterEach(() => rm(parent, { recursive: true }));

async function unpackBytes(bytes: Buffer, bounds: Partial<ArchiveBounds> = {}): Promise<void> {
  const archive = join(parent, "archive");
  writeFileSync(archive, bytes);
  await mkdir(join(parent, "box"), { recursive: true });
  await unpack(archive, directory, { bounds: { ...BOUNDS, ...bounds }, signal: new AbortController().signal });
}
const zip = (...entries: ZipEntry[]) => zipOf(entries);
const tar = (...entries: TarEntry[]) => tarGzOf(entries);
const text = (path: string) => readFileSync(join(directory, path), "utf8");
const mode = (path: string) => statSync(join(directory, path)).mode & 0o7777;

describe("a good archive", () => {
  it.each([
    [
      "zip",
      zip(
        { name: "start.sh", content: "#!/bin/sh\n", mode: 0o100644 },
        { name: "bin/", mode: 0o40755 },
        { name: "bin/tool", content: "tool", mode: 0o104755 },
        { name: "data/a.txt", content: "a", mode: 0o100600 },
        { name: "lib/link", content: "../data/a.txt", mode: LINK },
      ),
    ],
    [
      "tar.gz",
      tar(
        { path: "./start.sh", content: "#!/bin/sh\n" },
        { path: "bin/", type: "Directory", mode: 0o755 },
        { path: "bin/tool", content: "tool", mode: 0o4755 },
        { path: "data/a.txt", content: "a", mode: 0o600 },
        { path: "lib/link", type: "SymbolicLink", linkpath: "../data/a.txt" },
      ),
    ],
  ])("of type %s is unpacked with its links, and of its modes the right to execute", async (_type, bytes) => {
    await unpackBytes(bytes);
    expect(text("bin/tool")).toBe("tool");
    expect(text("lib/link")).toBe("a");
    expect(readlinkSync(join(directory, "lib/link"))).toBe("../data/a.txt");
    expect(mode("bin/tool")).toBe(0o755);
    expect(mode("data/a.txt")).toBe(0o644);
    expect(mode("start.sh")).toBe(0o755);
    expect(readdirSync(join(parent, "box"))).toEqual(["app"]);
  });

  it("may hold hard links to its own files", async () => {
    await unpackBytes(tar({ path: "a", content: "one" }, { path: "b", type: "Link", linkpath: "a" }));
    expect(text("b")).toBe("one");
  });

  it("without modes has its programs made executable", async () => {
    await unpackBytes(
      zip(
        { name: "server", content: Buffer.concat([Buffer.from("\x7fELF", "latin1"), Buffer.alloc(100)]) },
        { name: "run", content: "#!/usr/bin/env node\n" },
        { name: "readme.txt", content: "ELF" },
        { name: "empty", content: "" },
      ),
    );
    expect([mode("server"), mode("run"), mode("readme.txt"), mode("empty")]).toEqual([0o755, 0o755, 0o644, 0o644]);
  });

  it("that is large is unpacked in full", async () => {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => ((i * i * 7_919) % 251) ^ (i >> 7)));
    await unpackBytes(tar(...Array.from({ length: 50 }, (_, i) => ({ path: `d${i % 5}/f${i}`, content }))));
    expect(readFileSync(join(directory, "d4/f49")).equals(content)).toBe(true);
    expect(readdirSync(directory, { recursive: true })).toHaveLength(55);
  });

  it("is not unpacked again when its directory is there", async () => {
    await unpackBytes(zip({ name: "a", content: "1" }));
    writeFileSync(join(directory, "a"), "changed by the app");
    await unpackBytes(zip({ name: "a", content: "1" }));
    expect(text("a")).toBe("changed by the app");
  });
});

describe("an archive that is refused leaves nothing, inside or outside:", () => {
  const outside = "../../escaped";
  const cases: [string, Buffer, string][] = [
    ["zip: a name with ..", zip({ name: outside, content: "x" }), "ARCHIVE_"],
    ["zip: .. in the middle", zip({ name: "a/../../../escaped", content: "x" }), "ARCHIVE_"],
    ["zip: .. with backslashes", zip({ name: "..\\..\\escaped", content: "x" }), "ARCHIVE_"],
    ["zip: an absolute name", zip({ name: "/tmp/damson-escaped", content: "x" }), "ARCHIVE_"],
    ["zip: a drive", zip({ name: "C:/escaped", content: "x" }), "ARCHIVE_"],
    ["zip: a link that leads out", zip({ name: "l", content: outside, mode: LINK }), "ARCHIVE_UNSAFE"],
    ["zip: an absolute link", zip({ name: "l", content: "/etc", mode: LINK }), "ARCHIVE_UNSAFE"],
    ["zip: an empty link", zip({ name: "l", content: "", mode: LINK }), "ARCHIVE_UNSAFE"],
    [
      "zip: a file through a link",
      zip({ name: "l", content: ".", mode: LINK }, { name: "l/escaped", content: "x" }),
      "ARCHIVE_UNSAFE",
    ],
    [
      "zip: a link behind a link",
      zip({ name: "d/r", content: "..", mode: LINK }, { name: "l", content: "d/r/../escaped", mode: LINK }),
      "ARCHIVE_UNSAFE",
    ],
    ["zip: a name twice", zip({ name: "a", content: "1" }, { name: "./a", content: "2" }), "ARCHIVE_UNSAFE"],
    ["zip: a file that is a directory too", zip({ name: "a" }, { name: "a/b" }), "ARCHIVE_UNSAFE"],
    ["zip: a device", zip({ name: "d", mode: 0o020666 }), "ARCHIVE_UNSAFE"],
    ["tar: a name with ..", tar({ path: outside, content: "x" }), "ARCHIVE_UNSAFE"],
    ["tar: an absolute name", tar({ path: "/tmp/damson-escaped", content: "x" }), "ARCHIVE_UNSAFE"],
    ["tar: a link that leads out", tar({ path: "l", type: "SymbolicLink", linkpath: outside }), "ARCHIVE_UNSAFE"],
    [
      "tar: a file through a link",
      tar({ path: "l", type: "SymbolicLink", linkpath: "d" }, { path: "l/escaped", content: "x" }),
      "ARCHIVE_UNSAFE",
    ],
    ["tar: a hard link out", tar({ path: "l", type: "Link", linkpath: "/etc/passwd" }), "ARCHIVE_UNSAFE"],
    ["tar: a hard link to nothing", tar({ path: "l", type: "Link", linkpath: "later" }), "ARCHIVE_UNSAFE"],
    [
      "tar: a hard link to a link",
      tar({ path: "s", type: "SymbolicLink", linkpath: "x" }, { path: "l", type: "Link", linkpath: "s" }),
      "ARCHIVE_UNSAFE",
    ],
    ["tar: a device", tar({ path: "d", type: "CharacterDevice" }), "ARCHIVE_UNSAFE"],
    ["tar: a pipe", tar({ path: "p", type: "FIFO" }), "ARCHIVE_UNSAFE"],
    ["zip: a bomb", zip({ name: "b", content: Buffer.alloc(90_000_000) }), "ARCHIVE_TOO_BIG"],
    ["tar: a bomb", tar({ path: "b", content: Buffer.alloc(90_000_000) }), "ARCHIVE_"],
    ["zip: cut short", zip({ name: "a", content: "x".repeat(1_000) }).subarray(0, 60), "ARCHIVE_DAMAGED"],
    ["tar: cut short", tar({ path: "a", content: "abc".repeat(9_000) }).subarray(0, 70), "ARCHIVE_DAMAGED"],
    ["neither", Buffer.from("#!/bin/sh\necho no archive\n"), "ARCHIVE_UNKNOWN"],
    ["empty", Buffer.alloc(0), "ARCHIVE_UNKNOWN"],
  ];
  it.each(cases)("%s", async (_name, bytes, code) => {
    await expect(unpackBytes(bytes)).rejects.toMatchObject({ code: expect.stringContaining(code), status: 422 });
    expect(readdirSync(join(parent, "box"))).toEqual([]);
    expect(existsSync(join(parent, "escaped"))).toBe(false);
    expect(existsSync("/tmp/damson-escaped")).toBe(false);
  });

  it.each([
    ["zip", zip(...Array.from({ length: 101 }, (_, i) => ({ name: `f${i}` })))],
    ["tar", tar(...Array.from({ length: 101 }, (_, i) => ({ path: `f${i}` })))],
  ])("%s: too many entries", async (_name, bytes) => {
    await expect(unpackBytes(bytes)).rejects.toMatchObject({ code: "ARCHIVE_TOO_BIG" });
    expect(readdirSync(join(parent, "box"))).toEqual([]);
  });

  it.each([
    ["zip", zip({ name: "a", content: "12345" }, { name: "b", content: "67890" })],
    ["tar", tar({ path: "a", content: "12345" }, { path: "b", content: "67890" })],
  ])("%s: too many bytes", async (_name, bytes) => {
    await expect(unpackBytes(bytes, { maxUnpacked: 9 })).rejects.toMatchObject({ code: "ARCHIVE_TOO_BIG" });
    await unpackBytes(bytes, { maxUnpacked: 10 });
    expect(text("b")).toBe("67890");
  });
});
