import { expect, test } from "vitest";
import { newDocument } from "./changes.ts";
import { planAll } from "./plan.ts";
import { checkDocument } from "./stored-document.ts";

const NOW = new Date("2026-01-01T00:00:00Z");

function stored(): Record<string, unknown> {
  const spec = { app: "shop", version: "1", pkg: { type: "binary", command: ["x"] }, instances: 2 };
  const document = planAll(newDocument(spec, NOW), { now: NOW, view: () => ({ healthy: false }) });
  return JSON.parse(JSON.stringify(document));
}

test("accepts what the agent writes", () => {
  expect(checkDocument(stored(), "shop")).toEqual([]);
});

test.each<[string, (document: Record<string, unknown>) => unknown]>([
  ["null", () => null],
  ["a list", () => []],
  ["a document of another app", (document) => ({ ...document, app: "other" })],
  ["one without instances", ({ instances: _gone, ...document }) => document],
  ["one whose current revision is missing", (document) => ({ ...document, current: 9 })],
  [
    "one with a wrong target",
    (document) => ({ ...document, instances: [{ ...Object(document.instances)[0], target: "up" }] }),
  ],
])("sets aside %s", (_name, damage) => {
  expect(checkDocument(damage(stored()), "shop")).not.toEqual([]);
});
