import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rename, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { DurableDirectory } from "./durable-directory.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { openDocuments } from "./index.ts";

test("a write that fails takes back its changes and those that wait, and later updates work again", async () => {
  const directory = join(await temporaryDirectory(), "documents");
  const { documents } = await openDocuments<readonly number[]>({ directory, schemaVersion: 1 });
  onTestFinished(() => documents.close());
  const document = await documents.create("a", [0]);
  await rename(directory, `${directory}.away`);

  const first = document.update((list) => [...list, 1]);
  const failed = expect(first).rejects.toMatchObject({ code: "STATE_WRITE_FAILED", status: 500 });
  await new Promise(setImmediate);
  const waiting = document.update((list) => [...list, 2]);
  expect(document.value).toEqual([0, 1, 2]);
  await Promise.all([failed, expect(waiting).rejects.toMatchObject({ code: "STATE_WRITE_FAILED" })]);
  expect(document.value).toEqual([0]);
  await expect(documents.create("b", [])).rejects.toMatchObject({ code: "STATE_WRITE_FAILED" });
  expect(documents.get("b")).toBeUndefined();

  await rename(`${directory}.away`, directory);
  await document.update((list) => [...list, 3]);
  expect(document.value).toEqual([0, 3]);
  expect(JSON.parse(await readFile(join(directory, "a.json"), "utf8")).data).toEqual([0, 3]);
  await documents.create("b", []);
});

test("a refused value is not found after a restart, even when only the last step of its write failed", async () => {
  const directory = await temporaryDirectory();
  const { documents } = await openDocuments<string>({ directory, schemaVersion: 1 });
  const document = await documents.create("a", "old");
  // No file system fails an fsync on demand.
  const sync = vi.spyOn(DurableDirectory.prototype, "sync").mockRejectedValueOnce(new Error("EIO"));
  onTestFinished(() => sync.mockRestore());
  await expect(document.update(() => "new")).rejects.toMatchObject({ code: "STATE_WRITE_FAILED" });
  expect(document.value).toBe("old");
  sync.mockRejectedValueOnce(new Error("EIO"));
  await expect(documents.create("b", "new")).rejects.toMatchObject({ code: "STATE_WRITE_FAILED" });
  await documents.close();

  const again = await openDocuments<string>({ directory, schemaVersion: 1 });
  onTestFinished(() => again.documents.close());
  expect([...again.documents.all()].map(({ name, value }) => [name, value])).toEqual([["a", "old"]]);
});

test("closing finishes what was begun, and refuses what comes after", async () => {
  const directory = await temporaryDirectory();
  const { documents } = await openDocuments<number>({ directory, schemaVersion: 1 });
  const [a] = await Promise.all([documents.create("a", 1), documents.create("b", 1)]);
  const begun = [a.update(() => 2), documents.create("c", 1), documents.remove("b")];
  await documents.close();
  await Promise.all(begun);
  await expect(a.update(() => 3)).rejects.toMatchObject({ code: "STATE_WRITE_FAILED" });
  await expect(documents.create("d", 1)).rejects.toMatchObject({ code: "STATE_WRITE_FAILED" });

  const again = await openDocuments<number>({ directory, schemaVersion: 1 });
  onTestFinished(() => again.documents.close());
  expect([...again.documents.all()].map(({ name, value }) => [name, value])).toEqual([
    ["a", 2],
    ["c", 1],
  ]);
});

test("a removal that fails leaves the document as it was", async () => {
  const directory = await temporaryDirectory();
  const { documents } = await openDocuments<number>({ directory, schemaVersion: 1 });
  onTestFinished(() => documents.close());
  const document = await documents.create("a", 1);
  // A directory in the file's place is what unlink refuses, whoever asks.
  await rm(join(directory, "a.json"));
  await mkdir(join(directory, "a.json"));
  await expect(documents.remove("a")).rejects.toMatchObject({ code: "STATE_WRITE_FAILED" });
  expect(documents.get("a")).toBe(document);

  await rm(join(directory, "a.json"), { recursive: true });
  await document.update((value) => value + 1);
  await documents.remove("a");
  expect(await readdir(directory)).toEqual([]);
});

const mayMount = process.getuid?.() === 0 || process.env.DAMSON_REQUIRE_ENGINES !== undefined;

test.skipIf(!mayMount)(
  "a full disk is answered with 507, loses nothing, and works again after space is freed (needs root for a tmpfs)",
  async () => {
    const directory = await temporaryDirectory();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", directory]);
    onTestFinished(() => {
      execFileSync("umount", ["--lazy", directory]);
    });
    const opened = await openDocuments<string>({ directory: join(directory, "documents"), schemaVersion: 1 });
    const { documents } = opened;
    onTestFinished(() => documents.close());
    const document = await documents.create("a", "old");
    const { bavail, bsize } = await statfs(directory);
    await writeFile(join(directory, "filler"), Buffer.alloc(bavail * bsize));

    const updates = ["x".repeat(20_000), "y".repeat(20_000)].map((value) => document.update(() => value));
    const refused = { code: "STATE_WRITE_FAILED", status: 507, remedy: expect.stringContaining("Free space") };
    for (const update of updates) await expect(update).rejects.toMatchObject(refused);
    expect(document.value).toBe("old");
    await expect(documents.create("b", "new")).rejects.toMatchObject(refused);
    expect(await readdir(join(directory, "documents"))).toEqual(["a.json"]);
    expect(JSON.parse(await readFile(join(directory, "documents", "a.json"), "utf8")).data).toBe("old");

    await rm(join(directory, "filler"));
    await document.update(() => "new");
    await documents.create("b", "new");
    expect(JSON.parse(await readFile(join(directory, "documents", "a.json"), "utf8")).data).toBe("new");
  },
);
