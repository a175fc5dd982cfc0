import { cp, open, rename } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { segmentsOf } from "./fixtures/files.ts";
import { commit, contents, openStore } from "./fixtures/open-store.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";

/** Makes the next call of a method of open files fail, as no file system does on demand. */
async function failOnce(method: "datasync" | "truncate"): Promise<void> {
  const handle = await open(join(await temporaryDirectory(), "file"), "w");
  const spy = vi.spyOn(Object.getPrototypeOf(handle), method).mockRejectedValueOnce(new Error("EIO: i/o error"));
  await handle.close();
  onTestFinished(() => spy.mockRestore());
}

test.each([[["datasync"]], [["datasync", "truncate"]]] as const)(
  "a commit that was refused when %j failed is not found after a crash, and its revision is given again",
  async (methods) => {
    const directory = await temporaryDirectory();
    const { store } = await openStore({ directory });
    const revision = await commit(store, { put: "before", value: 1 });
    for (const method of methods) await failOnce(method);
    const refused = commit(store, { put: "refused", value: "x".repeat(2_000) });
    await expect(refused).rejects.toMatchObject({ code: "STATE_WRITE_FAILED", status: 500, retryable: true });
    expect(await contents(store)).toEqual({ before: 1 });
    expect(await commit(store, { put: "after", value: 1 })).toBe(revision + 1);

    const copy = await temporaryDirectory();
    await cp(directory, copy, { recursive: true });
    const found = await openStore({ directory: copy });
    expect(found.damaged).toEqual([]);
    expect(await contents(found.store)).toEqual({ after: 1, before: 1 });
  },
);

test("a refused line is not left in a segment behind which a new one begins", async () => {
  const directory = await temporaryDirectory();
  const { store, close } = await openStore({ directory });
  await commit(store, { put: "before", value: 1 });
  await failOnce("datasync");
  await failOnce("truncate");
  await expect(commit(store, { put: "refused", value: 1 })).rejects.toMatchObject({ code: "STATE_WRITE_FAILED" });
  // The checkpoint of the end begins a segment, and cannot come further.
  await rename(join(directory, "objects"), join(directory, "away"));
  await close();
  await rename(join(directory, "away"), join(directory, "objects"));
  expect(await segmentsOf(directory)).toHaveLength(2);
  expect(await contents((await openStore({ directory })).store)).toEqual({ before: 1 });
});
