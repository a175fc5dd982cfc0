import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";
import { type DocumentRules, openDocument, openDocuments } from "./index.ts";

interface App {
  readonly app: string;
}

async function open(directory: string, rules: Partial<DocumentRules> = {}) {
  const opened = await openDocuments<App>({ directory, schemaVersion: 1, ...rules });
  onTestFinished(() => opened.documents.close());
  return opened;
}

const put = (directory: string, name: string, content: unknown) =>
  writeFile(join(directory, name), typeof content === "string" ? content : JSON.stringify(content));

const ofName: NonNullable<DocumentRules["validate"]> = (data, name) =>
  Object(data).app === name ? [] : [{ path: "app", message: `expected "${name}"` }];

test.each([
  ["an empty file", "bad.json", "", /^it is empty$/],
  ["half a file", "bad.json", '{"schema":1,"da', /^it is not JSON: /],
  ["a file of another kind", "bad.json", "[1]", /not a Damson document/],
  ["a schema that is no number", "bad.json", { schema: "1", data: {} }, /not a Damson document/],
  ["a document without data", "bad.json", { schema: 1 }, /not a Damson document/],
  ["a name that is no document's", "Bad Name.json", { schema: 1, data: {} }, /its name/],
  ["a very long name", `${"ü".repeat(120)}.json`, { schema: 1, data: {} }, /its name/],
  ["a document under another one's name", "bad.json", { schema: 1, data: { app: "good" } }, /^app: expected "bad"$/],
])("%s is set aside and kept, and the rest loads", async (_, name, content, reason) => {
  const directory = await temporaryDirectory();
  await put(directory, name, content);
  await put(directory, "good.json", { schema: 1, data: { app: "good" } });
  const { documents, damaged } = await open(directory, { validate: ofName });
  expect([...documents.all()].map((document) => document.name)).toEqual(["good"]);
  expect(damaged).toEqual([
    {
      name: basename(name, ".json"),
      file: expect.stringMatching(/damaged\/.*\.\d{8}T\d{9}Z\.json$/),
      reason: expect.stringMatching(reason),
    },
  ]);
  expect(await readFile(damaged[0]?.file ?? "", "utf8")).toBe(
    typeof content === "string" ? content : JSON.stringify(content),
  );
  expect((await readdir(directory)).sort()).toEqual(["damaged", "good.json"]);
});

test("what a crash left of a write is removed, and what is not a document is left alone", async () => {
  const directory = await temporaryDirectory();
  await put(directory, "a.json.tmp", '{"sch');
  await put(directory, "notes.txt", "mine");
  await mkdir(join(directory, "folder.json"));
  const { damaged } = await open(directory);
  expect(damaged).toEqual([]);
  expect((await readdir(directory)).sort()).toEqual(["folder.json", "notes.txt"]);
});

test("documents of older schemas are migrated step by step, durably, and the old generation is kept", async () => {
  const directory = await temporaryDirectory();
  await put(directory, "one.json", { schema: 1, data: "one" });
  await put(directory, "two.json", { schema: 2, data: { name: "two" } });
  const migrations = {
    1: (data: unknown) => ({ name: data }),
    2: (data: unknown) => ({ app: Object(data).name }),
  };
  const { documents } = await open(directory, { schemaVersion: 3, migrations, validate: ofName });
  expect([...documents.all()].map((document) => document.value)).toEqual([{ app: "one" }, { app: "two" }]);
  expect(JSON.parse(await readFile(join(directory, "one.json"), "utf8"))).toEqual({ schema: 3, data: { app: "one" } });
  expect(JSON.parse(await readFile(join(directory, "backup", "one.json"), "utf8"))).toEqual({ schema: 1, data: "one" });

  await documents.get("two")?.update((value) => ({ ...value, more: 1 }));
  expect(JSON.parse(await readFile(join(directory, "two.json"), "utf8")).schema).toBe(3);
});

test.each([
  ["a newer schema", "STATE_TOO_NEW", 3, {}],
  ["no known migration", "STATE_MIGRATION_FAILED", 1, {}],
  ["a migration that throws", "STATE_MIGRATION_FAILED", 1, { 1: () => Object(null).a.b }],
])("%s makes the opening fail and changes nothing", async (_, code, schema, migrations) => {
  const directory = await temporaryDirectory();
  await put(directory, "a.json", { schema, data: { app: "a" } });
  await put(directory, "bad.json", "{");
  await put(directory, "old.json", { schema: 2, data: { app: "old" } });
  const opening = openDocuments({ directory, schemaVersion: 2, migrations });
  await expect(opening).rejects.toMatchObject({
    code,
    remedy: expect.stringContaining("Damson version that wrote it"),
  });
  expect((await readdir(directory)).sort()).toEqual(["a.json", "bad.json", "old.json"]);
});

test("a single document begins with its initial value and keeps what it was given", async () => {
  const file = join(await temporaryDirectory(), "agent.json");
  const first = await openDocument({ file, schemaVersion: 1, initial: { id: "one" } });
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ schema: 1, data: { id: "one" } });
  await first.document.update(() => ({ id: "two" }));
  await first.close();

  const second = await openDocument({ file, schemaVersion: 1, initial: { id: "three" } });
  onTestFinished(() => second.close());
  expect(second.document.value).toEqual({ id: "two" });
  expect(second.damaged).toBeUndefined();
});

test("a single document that is damaged is set aside and said, and its neighbours are not looked at", async () => {
  const directory = await temporaryDirectory();
  await put(directory, "agent.json", "{");
  await put(directory, "other.json", "{");
  const opened = await openDocument({ file: join(directory, "agent.json"), schemaVersion: 1, initial: 1 });
  onTestFinished(() => opened.close());
  expect(opened.damaged).toMatchObject({ name: "agent", reason: expect.stringContaining("not JSON") });
  expect(opened.document.value).toBe(1);
  expect((await readdir(directory)).sort()).toEqual(["agent.json", "damaged", "other.json"]);
});
