import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { configSchemas } from "./config-schemas.ts";
import { staleFiles, writeGenerated } from "./generated-file.ts";

async function makeRoot(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "damson-generate-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  return root;
}

async function addPlugin(root: string, code: string, configSchema?: string): Promise<void> {
  const folder = join(root, "plugins", "p");
  await mkdir(folder, { recursive: true });
  const damson = {
    contract: 1,
    provides: [],
    requires: [],
    optional: [],
    runsOn: ["agent"],
    ...(configSchema && { configSchema }),
  };
  const json = { name: "p", type: "module", exports: { ".": { source: "./p.js" } }, damson };
  await writeFile(join(folder, "package.json"), JSON.stringify(json));
  await writeFile(join(folder, "p.js"), code);
}

const withConfig = (config: string) => `export default { [Symbol.for("damson.plugin")]: 1, setup() {}${config} };`;

test("files that are absent or different are stale until they are written", async () => {
  const root = await makeRoot();
  const files = [
    { path: "a.txt", content: "a" },
    { path: "b/c.txt", content: "c" },
  ];
  await writeFile(join(root, "a.txt"), "old");
  expect(await staleFiles(root, files)).toEqual(files);
  for (const file of files) await writeGenerated(root, file);
  expect(await staleFiles(root, files)).toEqual([]);
  expect(await readFile(join(root, "b", "c.txt"), "utf8")).toBe("c");
});

test("a plugin's schema is written where its manifest says", async () => {
  const root = await makeRoot();
  await addPlugin(root, withConfig(`, config: { type: "object" }`), "./config.schema.json");
  expect(await configSchemas(root)).toEqual([
    {
      path: "plugins/p/config.schema.json",
      content: '{\n  "$schema": "http://json-schema.org/draft-07/schema#",\n  "type": "object"\n}\n',
    },
  ]);
});

test.each([
  ["a config that the manifest hides", withConfig(", config: {}"), undefined, /"configSchema" belongs in the manifest/],
  ["a manifest that promises a config", withConfig(""), "./c.json", /"configSchema" belongs in the manifest/],
  ["a module that is no plugin", "export default 1;", undefined, /has no plugin as its default export/],
])("%s is an error", async (_, code, configSchema, message) => {
  const root = await makeRoot();
  await addPlugin(root, code, configSchema);
  await expect(configSchemas(root)).rejects.toThrow(message);
});
