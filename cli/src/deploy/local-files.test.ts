import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createControllerClient } from "@damson/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { resolveFiles } from "./local-files.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "damson-deploy-"));
  writeFileSync(
    join(folder, "app.yaml"),
    "app: shop\nversion: v1\npkg: { type: binary, command: [x], working_dir: sub }\n",
  );
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Nothing listens there: what is resolved without an upload asks nobody. */
const nobody = createControllerClient({ url: "http://127.0.0.1:9" });

async function resolved(document: { [key: string]: unknown }): Promise<unknown> {
  await resolveFiles(nobody, document, folder, true);
  return document;
}

it("puts the apply document of a file in its place, with directories from the folder of that file", async () => {
  const spec = {
    app: "shop",
    version: "v1",
    pkg: { type: "binary", command: ["x"], working_dir: join(folder, "sub") },
  };
  expect(await resolved({ name: "a", spec: "app.yaml" })).toEqual({ name: "a", spec });
  expect(await resolved({ name: "a", entries: [{ spec: "./app.yaml" }] })).toEqual({ name: "a", entries: [{ spec }] });
});

it("leaves to the controller what it can say more about", async () => {
  for (const document of [
    { name: "a", spec: 5 },
    { name: "a", entries: "none" },
    { name: "a", entries: [null] },
  ]) {
    expect(await resolved(structuredClone(document))).toEqual(document);
  }
});

it("refuses a file that is not there, that is not one document, and an archive beside a URL", async () => {
  await expect(resolved({ spec: "absent.yaml" })).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  writeFileSync(join(folder, "two.yaml"), "app: a\n---\napp: b\n");
  await expect(resolved({ spec: "two.yaml" })).rejects.toMatchObject({ code: "ENTRY_INVALID" });
  await expect(resolved({ artifact: "a.zip", artifactUrl: "/artifacts/a.zip" })).rejects.toMatchObject({
    code: "ENTRY_INVALID",
  });
  await expect(resolved({ artifact: "a.zip" })).rejects.toMatchObject({ code: "FILE_UNREADABLE" });
  for (const artifact of ["https://example.org/a.zip", "/artifacts/a_1_6acc214b.zip"]) {
    await expect(resolved({ artifact })).rejects.toMatchObject({ remedy: expect.stringContaining("artifactUrl") });
  }
});
