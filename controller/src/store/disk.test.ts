import { execFileSync } from "node:child_process";
import { mkdir, readFile, rename, rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../fixtures/eventually.ts";
import { documentsOf, segmentsOf } from "./fixtures/files.ts";
import { commit, contents, openStore } from "./fixtures/open-store.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";

test("closing brings every object into a document of its own, and empties the journal", async () => {
  const directory = await temporaryDirectory();
  const opened = await openStore({ directory });
  await commit(opened.store, { put: "nodes/nodeA", value: { cpu: 4 } }, { put: "nodes/nodea", value: 2 });
  await commit(opened.store, { put: "gone", value: 1 });
  const revision = await commit(opened.store, { delete: "gone" });
  await opened.close();
  const documents = await documentsOf(directory);
  expect(documents).toHaveLength(2);
  const texts = await Promise.all(documents.map((name) => readFile(join(directory, "objects", name), "utf8")));
  expect(texts.map((text) => JSON.parse(text))).toContainEqual({
    schema: 1,
    data: { key: "nodes/nodeA", value: { cpu: 4 }, createRevision: 1, modRevision: 1 },
  });
  const segments = await segmentsOf(directory);
  expect(segments).toHaveLength(1);
  expect(await readFile(segments[0] ?? "", "utf8")).toContain(`{"revision":${revision},"leases":{}}`);
});

test("closing does not wait for more documents than there is time for, and loses nothing", async () => {
  const directory = await temporaryDirectory();
  const { store, close } = await openStore({ directory, closeMs: 0 });
  const keys = Array.from({ length: 1_000 }, (_, index) => `keys/${index}`);
  for (let start = 0; start < keys.length; start += 100) {
    await commit(store, ...keys.slice(start, start + 100).map((put) => ({ put, value: put })));
  }
  await close();
  expect((await documentsOf(directory)).length).toBeLessThan(keys.length);
  expect(await contents((await openStore({ directory })).store)).toEqual(
    Object.fromEntries(keys.map((key) => [key, key])),
  );
});

test("a change of one object writes no other", async () => {
  const directory = await temporaryDirectory();
  const first = await openStore({ directory });
  await commit(first.store, { put: "a", value: 1 }, { put: "b", value: 1 });
  await first.close();
  const [a = "", b = ""] = (await documentsOf(directory)).map((name) => join(directory, "objects", name));
  await writeFile(b, `${await readFile(b, "utf8")}\n`);
  const second = await openStore({ directory });
  await commit(second.store, { put: "a", value: 2 });
  await second.close();
  expect(JSON.parse(await readFile(a, "utf8")).data.value).toBe(2);
  expect(await readFile(b, "utf8")).toMatch(/\n$/);
});

test("checkpoints keep the journal short while many commit", async () => {
  const directory = await temporaryDirectory();
  const { store } = await openStore({ directory, journalBytes: 20_000 });
  const write = async (key: string) => {
    for (let n = 0; n < 40; n += 1) {
      await commit(store, { put: key, value: "x".repeat(500) });
      const sizes = await Promise.all((await segmentsOf(directory)).map((file) => readFile(file).catch(() => "")));
      expect(sizes.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(4 * 20_000 + 30_000);
    }
  };
  await Promise.all(Array.from({ length: 10 }, (_, index) => write(`keys/${index}`)));
  await eventually(async () => expect(await segmentsOf(directory)).toHaveLength(1));
});

test("while documents cannot be written commits go on in the journal, up to its bound", async () => {
  const directory = await temporaryDirectory();
  const { store, close } = await openStore({ directory, journalBytes: 4_000 });
  await rename(join(directory, "objects"), join(directory, "away"));
  await writeFile(join(directory, "objects"), "");
  const value = "x".repeat(1_000);
  let committed = 0;
  let refusal: unknown;
  while (refusal === undefined && committed < 20) {
    refusal = await commit(store, { put: `keys/${committed}`, value }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (refusal === undefined) committed += 1;
  }
  expect(refusal).toMatchObject({ code: "STATE_WRITE_FAILED", retryable: true });
  expect(committed).toBeGreaterThan(10);
  expect(committed).toBeLessThan(20);
  await rm(join(directory, "objects"));
  await rename(join(directory, "away"), join(directory, "objects"));
  await commit(store, { put: "again", value: 1 });
  await close();
  expect(await documentsOf(directory)).toHaveLength(committed + 1);
});

test("what a store that is closed is asked for ends with STORE_UNAVAILABLE, a watch too", async () => {
  const { store, close } = await openStore({ directory: await temporaryDirectory() });
  const watching = (async () => {
    for await (const _ of store.watch("", 0, new AbortController().signal));
  })();
  const ended = expect(watching).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  const last = commit(store, { put: "a", value: 1 });
  await close();
  await Promise.all([last, ended]);
  const refused = { code: "STORE_UNAVAILABLE", status: 503, retryable: true };
  await expect(store.get("a")).rejects.toMatchObject(refused);
  await expect(store.list("")).rejects.toMatchObject(refused);
  await expect(commit(store, { delete: "a" })).rejects.toMatchObject(refused);
  await expect(store.grantLease(1_000)).rejects.toMatchObject(refused);
  await expect(store.renewLease("a")).rejects.toMatchObject(refused);
});

const mayMount = process.getuid?.() === 0 || process.env.DAMSON_REQUIRE_ENGINES !== undefined;

test.skipIf(!mayMount)(
  "on a full disk commits are refused with 507, nothing is half done, and it goes on after space is freed (needs root for a tmpfs)",
  async () => {
    const disk = await temporaryDirectory();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", disk]);
    onTestFinished(() => void execFileSync("umount", ["--lazy", disk]));
    const directory = join(disk, "store");
    await mkdir(directory);
    const fill = async () => {
      const { bavail, bsize } = await statfs(disk);
      await writeFile(join(disk, "filler"), Buffer.alloc(bavail * bsize));
    };
    const first = await openStore({ directory });
    const revision = await commit(first.store, { put: "a", value: "old" }, { put: "b", value: "old" });
    await fill();
    const value = "x".repeat(20_000);
    const refused = {
      code: "STATE_WRITE_FAILED",
      status: 507,
      retryable: true,
      remedy: expect.stringContaining("Free space"),
    };
    const big = () => first.store.commit({ operations: [{ put: "a", value }, { delete: "b" }] });
    for (const call of [big(), big()]) await expect(call).rejects.toMatchObject(refused);
    expect(await first.store.list("")).toMatchObject({ revision, entries: [{ value: "old" }, { value: "old" }] });
    await first.close();

    const second = await openStore({ directory });
    expect(second.damaged).toEqual([]);
    expect(await contents(second.store)).toEqual({ a: "old", b: "old" });
    await expect(commit(second.store, { put: "a", value })).rejects.toMatchObject(refused);
    await rm(join(disk, "filler"));
    expect(await commit(second.store, { put: "a", value: "new" }, { delete: "b" })).toBe(revision + 1);
    await second.close();
    expect(await contents((await openStore({ directory })).store)).toEqual({ a: "new" });
  },
);
