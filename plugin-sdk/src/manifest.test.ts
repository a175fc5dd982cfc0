import { Value } from "typebox/value";
import { describe, expect, it } from "vitest";
import { Manifest } from "./manifest.ts";

const FULL = {
  contract: 1,
  provides: ["runtime:docker"],
  requires: ["secrets:vault"],
  optional: ["metrics:otel.v1"],
  runsOn: ["agent", "controller"],
  configSchema: "./config.schema.json",
  ui: "./dist/ui.js",
};

describe("Manifest", () => {
  it("accepts every field", () => {
    expect(Value.Check(Manifest, FULL)).toBe(true);
  });

  it("has defaults for what a plugin provides and needs", () => {
    const filled = Value.Default(Manifest, { contract: 1, runsOn: ["agent"] });
    expect(filled).toEqual({ contract: 1, provides: [], requires: [], optional: [], runsOn: ["agent"] });
    expect(Value.Check(Manifest, filled)).toBe(true);
  });

  it.each([
    ["a misspelt field", { ...FULL, require: [] }],
    ["no contract", { ...FULL, contract: undefined }],
    ["contract 0", { ...FULL, contract: 0 }],
    ["a contract that is no whole number", { ...FULL, contract: 1.5 }],
    ["no side to run on", { ...FULL, runsOn: [] }],
    ["a side that there is not", { ...FULL, runsOn: ["browser"] }],
    ["the same side twice", { ...FULL, runsOn: ["agent", "agent"] }],
    ["a reference without a kind", { ...FULL, provides: ["docker"] }],
    ["a reference without a name", { ...FULL, provides: ["runtime:"] }],
    ["a reference with a path in it", { ...FULL, requires: ["runtime:../x"] }],
    ["a reference in capitals", { ...FULL, requires: ["Runtime:docker"] }],
  ])("refuses %s", (_what, manifest) => {
    expect(Value.Check(Manifest, JSON.parse(JSON.stringify(manifest)))).toBe(false);
  });
});
