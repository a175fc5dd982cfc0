import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readDocuments } from "./documents.ts";
import { resolvePaths } from "./relative-paths.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "damson-documents-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

function put(text: string, name = "app.yaml"): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

it("reads every document of a file, in order, without the empty ones", async () => {
  const documents = await readDocuments(put("---\napp: a\n---\n# nothing\n---\napp: b\n---\n"));
  expect(documents.map(({ value }) => value)).toEqual([{ app: "a" }, { app: "b" }]);
  expect(documents[0]).toMatchObject({ folder });
});

it("reads JSON", async () => {
  const [document] = await readDocuments(put('{"app": "a", "pkg": {"args": ["\\u00e4"]}}', "app.json"));
  expect(document?.value).toEqual({ app: "a", pkg: { args: ["ä"] } });
});

it("tells every fault with its place", async () => {
  const file = put("app: a\napp: b\n---\n- no\n- app\n");
  await expect(readDocuments(file)).rejects.toMatchObject({
    code: "YAML_INVALID",
    issues: [
      { file, line: 2, column: 1, message: "Map keys must be unique" },
      { file, line: 4, column: 1, message: "expected a mapping with app, version and pkg" },
    ],
  });
});

it.each([
  ["", "FILE_EMPTY", /holds no document/],
  ["# only a comment\n", "FILE_EMPTY", /holds no document/],
  ["app: [1\n", "YAML_INVALID", /Flow sequence/],
])("refuses %o", async (text, code, message) => {
  await expect(readDocuments(put(text))).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

it("says why a file cannot be read", async () => {
  await expect(readDocuments(join(folder, "none.yaml"))).rejects.toThrow(
    /none.yaml cannot be read: there is no such file/,
  );
  await expect(readDocuments(folder)).rejects.toThrow(/it is a folder/);
});

it("refuses what expands beyond measure", async () => {
  const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
  for (let i = 1; i < 10; i += 1)
    bomb.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(", ")}]`,
    );
  await expect(readDocuments(put(bomb.join("\n")))).rejects.toThrow(/alias/);
});

it("takes relative paths of the package from the folder of the file", () => {
  const document = { pkg: { type: "artifact", working_dir: ".", path: "../app.zip", command: ["./run"] } };
  resolvePaths(document, "/srv/shop");
  expect(document.pkg).toEqual({
    type: "artifact",
    working_dir: "/srv/shop",
    path: "/srv/app.zip",
    command: ["./run"],
  });
});

it("leaves absolute paths, and what is no path, for the agent to judge", () => {
  const document = { package: { working_dir: "/data", path: 5 }, pkg: "none" };
  resolvePaths(document, "/srv/shop");
  expect(document).toEqual({ package: { working_dir: "/data", path: 5 }, pkg: "none" });
});

it("leaves the working directory of a container, which is not one of this machine", () => {
  const document = { pkg: { type: "docker", image: "shop:v1", working_dir: "srv" } };
  resolvePaths(document, "/srv/shop");
  expect(document.pkg.working_dir).toBe("srv");
});
