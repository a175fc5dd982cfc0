import { appendFile, cp, readdir, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documentsOf, flipBit, segmentsOf } from "./fixtures/files.ts";
import { commit, contents, openStore } from "./fixtures/open-store.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { encodeLine } from "./journal-line.ts";

/** A directory as a crash leaves it, with three changes in its journal and none in documents. */
async function crashed(): Promise<string> {
  const [alive, directory] = [await temporaryDirectory(), await temporaryDirectory()];
  const { store } = await openStore({ directory: alive });
  for (const key of ["first", "second", "third"]) await commit(store, { put: key, value: `value of ${key}` });
  await cp(alive, directory, { recursive: true });
  return directory;
}

async function journalOf(directory: string): Promise<string> {
  const [segment = ""] = await segmentsOf(directory);
  return segment;
}

test.each([1, 10, 60])(
  "a write that ended %d bytes too early was never acknowledged, and counts for nothing",
  async (bytes) => {
    const directory = await crashed();
    const journal = await journalOf(directory);
    await truncate(journal, (await readFile(journal)).length - bytes);
    const { store, damaged, close } = await openStore({ directory });
    expect(damaged).toEqual([]);
    expect(Object.keys(await contents(store))).toEqual(["first", "second"]);
    expect(await commit(store, { put: "fourth", value: 4 })).toBe(3);
    await close();
    expect(Object.keys(await contents((await openStore({ directory })).store))).toEqual(["first", "fourth", "second"]);
  },
);

test("a bit that flipped in the journal is reported, its change is not used, and all others are", async () => {
  const directory = await crashed();
  await flipBit(await journalOf(directory), "value of second");
  const { store, damaged, close } = await openStore({ directory });
  expect(damaged).toEqual([
    {
      name: "journal-1.ndjson",
      file: expect.stringContaining("damaged/journal-1.ndjson."),
      reason: expect.stringContaining("1 of its lines"),
    },
  ]);
  expect(await contents(store)).toEqual({ first: "value of first", third: "value of third" });
  expect(await readFile(damaged[0]?.file ?? "", "utf8")).toContain("value of third");
  // Nobody may take a revision that was lost for one that comes.
  expect(await commit(store, { put: "fourth", value: 4 })).toBeGreaterThan(1_000_000);
  await close();
  const again = await openStore({ directory });
  expect(again.damaged).toEqual([]);
  expect(Object.keys(await contents(again.store))).toEqual(["first", "fourth", "third"]);
});

test("a bit that flipped in the last, whole line is reported too, since it may have been acknowledged", async () => {
  const directory = await crashed();
  await flipBit(await journalOf(directory), "value of third");
  const { store, damaged } = await openStore({ directory });
  expect(damaged).toHaveLength(1);
  expect(Object.keys(await contents(store))).toEqual(["first", "second"]);
});

test("a damaged beginning of the journal is reported, and leases whose time it held end later, not never", async () => {
  const directory = await temporaryDirectory();
  const opened = await openStore({ directory });
  const lease = await opened.store.grantLease(5_000);
  await commit(opened.store, { put: "leased", value: 1, lease });
  await opened.close();
  await flipBit(await journalOf(directory), "leases");
  const { store, damaged } = await openStore({ directory });
  expect(damaged).toHaveLength(1);
  expect(await contents(store)).toEqual({ leased: 1 });
  expect(await store.renewLease(lease)).toBe(true);
  await store.revokeLease(lease);
  expect(await contents(store)).toEqual({});
});

test("a damaged document is set aside and reported, and the rest loads", async () => {
  const directory = await temporaryDirectory();
  const opened = await openStore({ directory });
  await commit(opened.store, { put: "nodes/good", value: 1 }, { put: "nodes/bad", value: "text" });
  await opened.close();
  const [bad = ""] = await documentsOf(directory);
  expect(bad).toMatch(/^nodes--bad\.[0-9a-f]{32}\.json$/);
  await flipBit(join(directory, "objects", bad), '"text"');
  const { store, damaged } = await openStore({ directory });
  expect(damaged).toMatchObject([
    { file: expect.stringContaining("objects/damaged/nodes--bad."), reason: expect.stringContaining("not JSON") },
  ]);
  expect(await contents(store)).toEqual({ "nodes/good": 1 });
});

test("a segment of a newer Damson makes the opening fail, and nothing is changed", async () => {
  const directory = await temporaryDirectory();
  await appendFile(join(directory, "journal-1.ndjson"), encodeLine({ schema: 2, data: {} }));
  await expect(openStore({ directory })).rejects.toMatchObject({ code: "STATE_TOO_NEW" });
  expect((await readdir(directory)).sort()).toEqual(["journal-1.ndjson", "objects"]);
});

test("what a crash left of a segment that never began is removed", async () => {
  const directory = await crashed();
  await appendFile(join(directory, "journal-2.ndjson.tmp"), "12345678 {");
  const { store } = await openStore({ directory });
  expect(Object.keys(await contents(store))).toHaveLength(3);
  expect(await readdir(directory)).not.toContain("journal-2.ndjson.tmp");
});
