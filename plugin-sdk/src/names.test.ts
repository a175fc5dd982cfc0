import fc from "fast-check";
import { Value } from "typebox/value";
import { describe, expect, it } from "vitest";
import { AppName, isAppName, isVersion, RESERVED_NAMES, Version } from "./names.ts";

describe("app names", () => {
  it.each(["a", "7", "shop-api", "shop.api_2", "a".repeat(63)])("%j is one", (name) => {
    expect(isAppName(name)).toBe(true);
    expect(Value.Check(AppName, name)).toBe(true);
  });

  it.each(["", "-a", "a-", ".", "a.", "Shop", "a b", "a/b", "a\0", "a\n", "é", "a".repeat(64)])(
    "%j is none",
    (name) => {
      expect(isAppName(name)).toBe(false);
      expect(Value.Check(AppName, name)).toBe(false);
    },
  );

  it.each([...RESERVED_NAMES, "a..b"])("%j is refused though it may look like one", (name) => {
    expect(isAppName(name)).toBe(false);
  });

  it("is never a path out of a directory, nor a name that objects have", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "../x", "..")), (name) => {
        if (!isAppName(name)) return;
        expect(name).not.toMatch(/[/\\\s\0]|\.\./);
        expect(name in {}).toBe(false);
      }),
    );
  });
});

describe("versions", () => {
  it.each(["1", "v1.4.2", "2024-01-31_b", "1.0.0-rc.1+build.5", "A".repeat(128)])("%j is one", (version) => {
    expect(isVersion(version)).toBe(true);
    expect(Value.Check(Version, version)).toBe(true);
  });

  it.each(["", "-1", "1.", "1/2", "..", "1 2", "1\n", "A".repeat(129)])("%j is none", (version) => {
    expect(isVersion(version)).toBe(false);
    expect(Value.Check(Version, version)).toBe(false);
  });

  it("has no two dots in a row", () => {
    expect(isVersion("1..2")).toBe(false);
  });
});
