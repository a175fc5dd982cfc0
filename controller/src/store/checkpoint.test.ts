import { copyFile, cp, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { documentsOf, segmentsOf } from "./fixtures/files.ts";
import { commit, openStore } from "./fixtures/open-store.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";

test("a crash between any two steps of a checkpoint changes nothing of what the store has", async () => {
  const [before, after] = [await temporaryDirectory(), await temporaryDirectory()];
  const opened = await openStore({ directory: before });
  await commit(opened.store, { put: "kept", value: 1 }, { put: "changed", value: 1 }, { put: "deleted", value: 1 });
  await opened.close();
  const again = await openStore({ directory: before });
  const lease = await again.store.grantLease(5_000);
  await commit(again.store, { put: "changed", value: 2, lease }, { put: "made", value: 1 });
  await commit(again.store, { delete: "deleted" });
  const expected = await again.store.list("");
  await cp(before, after, { recursive: true });
  const closing = await openStore({ directory: after });
  await closing.close();

  const [segments, newSegments] = [await segmentsOf(before), await segmentsOf(after)];
  const [documents, newDocuments] = [await documentsOf(before), await documentsOf(after)];
  expect([segments.length, newSegments.length, documents.length, newDocuments.length]).toEqual([2, 1, 3, 3]);
  const steps = newDocuments.length + 1;
  for (let written = 0; written < steps; written += 1) {
    const directory = await temporaryDirectory();
    await cp(before, directory, { recursive: true });
    for (const segment of newSegments) await copyFile(segment, join(directory, basename(segment)));
    for (const name of newDocuments.slice(0, written)) {
      await copyFile(join(after, "objects", name), join(directory, "objects", name));
    }
    const { store, damaged, close } = await openStore({ directory });
    expect(damaged).toEqual([]);
    expect(await store.list(""), `${written} documents written`).toEqual(expected);
    expect(await store.renewLease(lease)).toBe(true);
    await close();
    expect(await documentsOf(directory)).toEqual(newDocuments);
    expect((await readdir(directory)).filter((name) => name.startsWith("journal-"))).toHaveLength(1);
  }
});
