import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { DurableDirectory } from "./durable-directory.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { type Documents, openDocuments } from "./index.ts";

async function open(directory: string): Promise<Documents<readonly number[]>> {
  const { documents, damaged } = await openDocuments<readonly number[]>({ directory, schemaVersion: 1 });
  onTestFinished(() => documents.close());
  expect(damaged).toEqual([]);
  return documents;
}

test("a created document is on disk, readable by its owner alone, and found after reopening", async () => {
  const directory = join(await temporaryDirectory(), "not", "yet", "there");
  const documents = await open(directory);
  const created = await documents.create("shop-api", [1]);
  expect(documents.get("shop-api")).toBe(created);
  expect(JSON.parse(await readFile(join(directory, "shop-api.json"), "utf8"))).toEqual({ schema: 1, data: [1] });
  expect((await stat(join(directory, "shop-api.json"))).mode & 0o777).toBe(0o600);
  expect((await stat(directory)).mode & 0o777).toBe(0o700);

  const again = await open(directory);
  expect([...again.all()].map(({ name, value }) => ({ name, value }))).toEqual([{ name: "shop-api", value: [1] }]);
});

test("a name that exists, or is being created, is refused", async () => {
  const documents = await open(await temporaryDirectory());
  const first = documents.create("a", [1]);
  await expect(documents.create("a", [2])).rejects.toMatchObject({ code: "DOCUMENT_EXISTS", status: 409 });
  await first;
  await expect(documents.create("a", [3])).rejects.toMatchObject({ code: "DOCUMENT_EXISTS" });
  expect(documents.get("a")?.value).toEqual([1]);
});

test.each(["", "..", ".hidden", "../escape", "a/b", "A", "a\0b", "a".repeat(81), "__proto__"])(
  "%j cannot name a document",
  async (name) => {
    const directory = await temporaryDirectory();
    const documents = await open(join(directory, "documents"));
    await expect(documents.create(name, [])).rejects.toMatchObject({ code: "DOCUMENT_NAME_INVALID", status: 400 });
    expect(await readdir(directory, { recursive: true })).toEqual(["documents"]);
  },
);

test("changes are applied at the call and in order, and many of them share a write", async () => {
  const directory = await temporaryDirectory();
  const documents = await open(directory);
  const document = await documents.create("a", []);
  const write = vi.spyOn(DurableDirectory.prototype, "write");
  onTestFinished(() => write.mockRestore());

  const first = document.update((list) => [...list, 0]);
  const others = Array.from({ length: 500 }, (_, index) => document.update((list) => [...list, index + 1]));
  const expected = Array.from({ length: 501 }, (_, index) => index);
  expect(document.value).toEqual(expected);
  await Promise.all([first, ...others]);
  expect(write.mock.calls.length).toBeLessThanOrEqual(2);
  expect(JSON.parse(await readFile(join(directory, "a.json"), "utf8")).data).toEqual(expected);
});

test("changes that come during a write are carried by the next one", async () => {
  const directory = await temporaryDirectory();
  const document = await (await open(directory)).create("a", []);
  const first = document.update((list) => [...list, 1]);
  // One turn of the event loop, so that the write has begun.
  await new Promise(setImmediate);
  const second = document.update((list) => [...list, 2]);
  await first;
  await second;
  expect(JSON.parse(await readFile(join(directory, "a.json"), "utf8")).data).toEqual([1, 2]);
});

test("a change that returns the same value writes nothing, and waits for what it saw", async () => {
  const directory = await temporaryDirectory();
  const document = await (await open(directory)).create("a", []);
  const before = await stat(join(directory, "a.json"));
  await document.update((list) => list);
  expect((await stat(join(directory, "a.json"))).ino).toBe(before.ino);

  void document.update((list) => [...list, 1]);
  await document.update((list) => list);
  expect(JSON.parse(await readFile(join(directory, "a.json"), "utf8")).data).toEqual([1]);
});

test("a change that throws changes nothing", async () => {
  const document = await (await open(await temporaryDirectory())).create("a", [1]);
  const refuse = () => {
    throw new RangeError("no");
  };
  await expect(document.update(refuse)).rejects.toThrow(RangeError);
  expect(document.value).toEqual([1]);
});

test("remove deletes after what is pending, refuses later updates, and may be repeated", async () => {
  const directory = await temporaryDirectory();
  const documents = await open(directory);
  const document = await documents.create("a", []);
  const pending = document.update((list) => [...list, 1]);
  const removals = [documents.remove("a"), documents.remove("a")];
  await expect(document.update((list) => [...list, 2])).rejects.toMatchObject({ code: "DOCUMENT_REMOVED" });
  await Promise.all([pending, ...removals, documents.remove("never-there")]);
  expect(documents.get("a")).toBeUndefined();
  expect(await readdir(directory)).toEqual([]);

  await documents.create("a", [3]);
  expect(documents.get("a")?.value).toEqual([3]);
});

test("a thousand writes at once share the syncs of their directory", async () => {
  const directory = await temporaryDirectory();
  const place = await DurableDirectory.open(directory);
  onTestFinished(() => place.close());
  const sync = vi.spyOn(place, "sync");
  const handles = await syncCounter();
  const names = Array.from({ length: 1_000 }, (_, index) => `f${index}.json`);
  await Promise.all(names.map((name) => place.write(name, name)));
  const directorySyncs = handles.count() - names.length;
  expect(sync).toHaveBeenCalledTimes(1_000);
  expect(directorySyncs).toBeGreaterThan(0);
  expect(directorySyncs).toBeLessThan(500);
  expect((await readdir(directory)).sort()).toEqual(names.sort());
});

test("a sync that has begun is not shared, since it may miss what came after its beginning", async () => {
  const place = await DurableDirectory.open(await temporaryDirectory());
  onTestFinished(() => place.close());
  const handles = await syncCounter();
  const first = place.sync();
  await new Promise(setImmediate);
  expect(handles.count()).toBe(1);
  const second = place.sync();
  const third = place.sync();
  await Promise.all([first, second, third]);
  expect(handles.count()).toBe(2);
});

/** Counts every fsync that goes through a file handle. */
async function syncCounter(): Promise<{ count(): number }> {
  const { open } = await import("node:fs/promises");
  const handle = await open(".", "r");
  const spy = vi.spyOn(Object.getPrototypeOf(handle), "sync");
  await handle.close();
  onTestFinished(() => spy.mockRestore());
  return { count: () => spy.mock.calls.length };
}
