import { expect, test } from "vitest";
import { specWarnings } from "./spec-warnings.ts";

const spec = { app: "shop", version: "1", pkg: { type: "binary" } };

test("a spec whose every part has its effect has no warnings", () => {
  expect(specWarnings(spec)).toEqual([]);
  expect(specWarnings({ ...spec, probes: [] })).toEqual([]);
});

test("probes that nobody asks are said to be without effect", () => {
  expect(specWarnings({ ...spec, probes: [{ type: "http" }] })).toEqual([
    expect.stringMatching(/^probes: .*min_running/),
  ]);
});
