import { describe, expect, it, vi } from "vitest";
import { DamsonError, errorText, hasCode, isDamsonError } from "./error.ts";

describe("DamsonError", () => {
  it("is an internal error that is not worth another try, unless it is told otherwise", () => {
    const error = new DamsonError("DISK_FULL", "no space left");
    expect(error).toMatchObject({ code: "DISK_FULL", message: "no space left", status: 500, retryable: false });
    expect(error).toMatchObject({ name: "DamsonError", remedy: undefined, issues: [] });
    expect("cause" in error).toBe(false);
  });

  it("keeps all that it is given", () => {
    const cause = new Error("ENOSPC");
    const issues = [{ path: "pkg.ports[0]", message: "is taken" }];
    const options = { status: 409, remedy: "Take another.", issues, retryable: true, cause };
    expect(new DamsonError("PORT_TAKEN", "the port is taken", options)).toMatchObject(options);
  });

  it("keeps a cause that is falsy but given", () => {
    expect(new DamsonError("X", "x", { cause: null }).cause).toBeNull();
  });
});

describe("isDamsonError", () => {
  it("recognises the errors of another copy of the SDK, in both directions", async () => {
    vi.resetModules();
    const copy = await import("./error.ts");
    const theirs = new copy.DamsonError("THEIRS", "theirs", { status: 422 });
    expect(theirs).not.toBeInstanceOf(DamsonError);
    expect(isDamsonError(theirs)).toBe(true);
    expect(copy.isDamsonError(new DamsonError("OURS", "ours"))).toBe(true);
  });

  it("recognises the errors of a plugin's own subclass", () => {
    class PullFailed extends DamsonError {}
    expect(isDamsonError(new PullFailed("PULL_FAILED", "pull failed"))).toBe(true);
  });

  it.each([
    ["an Error that has the same fields", Object.assign(new Error("no"), { code: "NO", status: 400, issues: [] })],
    ["what JSON has made of one", JSON.parse(JSON.stringify(new DamsonError("NO", "no")))],
    ["a string", "DamsonError"],
    ["null", null],
    ["undefined", undefined],
  ])("does not take %s for one", (_what, value) => {
    expect(isDamsonError(value)).toBe(false);
  });
});

describe("hasCode", () => {
  const absent = Object.assign(new Error("no such file"), { code: "ENOENT" });

  it("tells a system error by its codes", () => {
    expect(hasCode(absent, "EISDIR", "ENOENT")).toBe(true);
    expect(hasCode(absent, "EISDIR")).toBe(false);
  });

  it.each([new Error("ENOENT"), { code: "ENOENT" }, "ENOENT", undefined])("does not take %j for one", (thrown) => {
    expect(hasCode(thrown, "ENOENT")).toBe(false);
  });
});

describe("errorText", () => {
  it.each([
    ["an error's message", new DamsonError("A", "it broke"), "it broke"],
    ["a string", "it broke", "it broke"],
    ["undefined", undefined, "undefined"],
    [
      "an error without a message, by its code",
      Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }),
      "ECONNREFUSED",
    ],
    ["an error without a message or code, by its name", new RangeError(), "RangeError"],
    ["an empty string", "", "an empty value was thrown"],
    ["an object without a prototype", Object.create(null), "a value without a text was thrown"],
    ["a symbol", Symbol("x"), "Symbol(x)"],
  ])("has a text for %s", (_what, thrown, text) => {
    expect(errorText(thrown)).toBe(text);
  });
});
