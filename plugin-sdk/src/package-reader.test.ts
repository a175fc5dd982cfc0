import { Type } from "typebox";
import { expect, test } from "vitest";
import { packageReader } from "./index.ts";

const closed = { additionalProperties: false };
const { known, read } = packageReader({
  one: Type.Object({ type: Type.Literal("one"), size: Type.Integer() }, closed),
  two: Type.Object({ type: Type.Literal("two") }, closed),
});

test("gives a package that matches the schema of its type", () => {
  const pkg = { type: "one", size: 1 };
  expect(known(pkg)).toBe(pkg);
  expect(read(pkg)).toBe(pkg);
});

test.each([
  [{ type: "one" }, "pkg"],
  [{ type: "one", size: "1" }, "pkg.size"],
  [{ type: "two", size: 1 }, "pkg"],
])("refuses %o, and names the place", (pkg, path) => {
  expect(known(pkg)).toBeUndefined();
  expect(() => read(pkg)).toThrow(
    expect.objectContaining({
      code: "PACKAGE_INVALID",
      status: 400,
      issues: expect.arrayContaining([expect.objectContaining({ path })]),
    }),
  );
});

test("refuses a type that it does not know", () => {
  expect(known({ type: "three" })).toBeUndefined();
  expect(() => read({ type: "three" })).toThrow(expect.objectContaining({ code: "PACKAGE_INVALID", issues: [] }));
});
