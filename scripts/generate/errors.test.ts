import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { codesIn, errorCodes } from "./error-codes.ts";
import { renderErrors } from "./errors.ts";

test.each([
  ["an error", 'throw new DamsonError("APP_FAILED", "no", { status: 409 });', ["APP_FAILED"]],
  ["one that is broken over lines", 'new DamsonError(\n  "APP_FAILED",\n  "no",\n)', ["APP_FAILED"]],
  [
    "one of two",
    'new DamsonError(\n  absent ? "FILE_NOT_FOUND" : "FILE_UNREADABLE",\n  text)',
    ["FILE_NOT_FOUND", "FILE_UNREADABLE"],
  ],
  ["a helper", 'throw pluginError("PLUGIN_NOT_FOUND", { message });', ["PLUGIN_NOT_FOUND"]],
  ["a property", 'return { code: "AGENT_UNREACHABLE", message };', ["AGENT_UNREACHABLE"]],
  ["a union", 'export type Code =\n  | "FIRST_CODE"\n  | "SECOND_CODE";', ["FIRST_CODE", "SECOND_CODE"]],
  ["what is no code", 'hasCode(error, "ENOENT"); new Error("no"); const env = ["DAMSON_PORT", "X"];', []],
])("codes are found in %s", (_, text, codes) => {
  expect(codesIn(text)).toEqual(codes);
});

test("tests and fixtures give no codes", async () => {
  const root = await mkdtemp(join(tmpdir(), "damson-codes-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, "core/src/fixtures"), { recursive: true });
  for (const [file, code] of [
    ["a.ts", "REAL_CODE"],
    ["a.test.ts", "TEST_CODE"],
    ["fixtures/b.ts", "FIXTURE_CODE"],
  ]) {
    await writeFile(join(root, "core/src", String(file)), `throw new DamsonError("${code}", "no");`);
  }
  expect(await errorCodes(root)).toEqual(["REAL_CODE"]);
});

test("every code needs one explanation, and every explanation a code", () => {
  const explanations = { Apps: { APP_FAILED: "It failed." } };
  expect(renderErrors(explanations, ["APP_FAILED"])).toContain(
    "## Apps\n\n| Code | Meaning |\n|---|---|\n| `APP_FAILED` | It failed. |",
  );
  expect(() => renderErrors(explanations, ["APP_FAILED", "NEW_CODE"])).toThrow("NEW_CODE is not explained");
  expect(() => renderErrors(explanations, [])).toThrow("APP_FAILED is explained, but nothing gives it");
  const twice = { ...explanations, Others: { APP_FAILED: "Again." } };
  expect(() => renderErrors(twice, ["APP_FAILED"])).toThrow("APP_FAILED is explained twice");
});
