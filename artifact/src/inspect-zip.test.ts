import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { inspectZip, type ZipContents } from "./index.ts";
import { type ZipEntry, zipOf } from "./testing/zip.ts";

async function inspect(...entries: ZipEntry[]): Promise<ZipContents> {
  const directory = await mkdtemp(join(tmpdir(), "damson-inspect-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "a.zip");
  const bytes = zipOf(entries);
  await writeFile(path, bytes);
  return inspectZip(path, bytes.length);
}

const meta = (name: string, text: string): ZipEntry => ({ name, content: `name=${text}\nversion=1\n` });

test("what an archive holds is told by the names of its files, in any directory", async () => {
  expect(await inspect({ name: "a" })).toEqual({ start: false, meta: undefined });
  expect(await inspect({ name: "app/start.sh" }, meta("app/conf/meta.ini", "deep"))).toEqual({
    start: true,
    meta: { name: "deep", version: "1", services: [] },
  });
});

test("of several meta.ini the one nearest to the top counts, and of those the first", async () => {
  const found = await inspect(meta("a/b/meta.ini", "deep"), meta("x/meta.ini", "first"), meta("y/meta.ini", "second"));
  expect(found.meta?.name).toBe("first");
});

test.each<[string, ZipEntry[], string]>([
  ["a directory and a file of one name", [{ name: "a/" }, { name: "a" }], "ARCHIVE_UNSAFE"],
  ["a name of nothing", [{ name: "./." }], "ARCHIVE_UNSAFE"],
  ["a pipe", [{ name: "a", mode: 0o010644 }], "ARCHIVE_UNSAFE"],
  ["a link with an endless target", [{ name: "a", mode: 0o120777, content: "x".repeat(5_000) }], "ARCHIVE_UNSAFE"],
  ["a path that climbs", [{ name: "a/../../b" }], "NOT_A_ZIP"],
])("%s is refused: %$", async (_, entries, code) => {
  await expect(inspect(...entries)).rejects.toMatchObject({ code });
});

test("a file that is not there is no fault of an archive", async () => {
  await expect(inspectZip("/nowhere/a.zip", 1)).rejects.toMatchObject({ code: "ENOENT" });
});
