import fc from "fast-check";
import { expect, test } from "vitest";
import { objectName } from "./object-name.ts";

test("people recognize the key in the name of a document", () => {
  expect(objectName("nodes/nodeA")).toMatch(/^nodes--nodea\.[0-9a-f]{32}$/);
});

test("keys that look alike have different names", () => {
  const keys = ["a/b", "A/b", "a--b", "a_b", "a!b", "a".repeat(511), "a".repeat(512), "..", "."];
  expect(new Set(keys.map(objectName)).size).toBe(keys.length);
});

test("every key has the name of a document", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 512, unit: "binary-ascii" }), (key) => {
      expect(objectName(key)).toMatch(/^[a-z0-9][a-z0-9._-]{0,79}$/);
    }),
  );
});
