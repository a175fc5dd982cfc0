import { Type } from "typebox";
import { describe, expect, it, vi } from "vitest";
import { CONTRACT, definePlugin, pluginContract } from "./define-plugin.ts";

describe("definePlugin", () => {
  const config = Type.Object({ greeting: Type.String() }, { additionalProperties: false });
  const plugin = definePlugin({ name: "greeter", config, setup() {} });

  it("keeps the definition and adds the contract that it was built for", () => {
    expect(plugin).toMatchObject({ name: "greeter", config });
    expect(pluginContract(plugin)).toBe(CONTRACT);
  });

  it("is recognised by another copy of the SDK, in both directions", async () => {
    vi.resetModules();
    const copy = await import("./define-plugin.ts");
    expect(copy.definePlugin).not.toBe(definePlugin);
    expect(copy.pluginContract(plugin)).toBe(CONTRACT);
    expect(pluginContract(copy.definePlugin({ name: "theirs", setup() {} }))).toBe(copy.CONTRACT);
  });

  it("tells the number of a plugin that was built for another contract", () => {
    expect(pluginContract({ ...plugin, [Symbol.for("damson.plugin")]: 99 })).toBe(99);
  });

  it.each([
    ["a plain definition", { name: "greeter", setup() {} }],
    ["a mark that is no number", { name: "greeter", [Symbol.for("damson.plugin")]: "1" }],
    ["a function", () => {}],
    ["a string", "greeter"],
    ["null", null],
    ["undefined", undefined],
  ])("does not take %s for a plugin", (_what, value) => {
    expect(pluginContract(value)).toBeUndefined();
  });
});
