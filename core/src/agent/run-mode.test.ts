import { expect, test } from "vitest";
import type { PluginDescription } from "../host/index.ts";
import { checkRunMode, runModeOf } from "./run-mode.ts";

function plugin(state: PluginDescription["state"], ...provides: string[]): PluginDescription {
  const found = provides.length > 0 ? { provides } : {};
  return { id: "p", use: "./p", required: false, state, config: {}, timings_ms: {}, ...found };
}

const PROCESS = plugin("ready", "runtime:process");

test.each<[string, string, PluginDescription[]]>([
  ["the default, whatever is loaded", "process", [plugin("ready", "runtime:docker")]],
  ["one that a plugin brings", "docker", [PROCESS, plugin("ready", "runtime:docker", "service:x")]],
  ["one whose plugin failed", "docker", [PROCESS, plugin("failed", "runtime:docker")]],
  ["one that a plugin which cannot be read may bring", "docker", [PROCESS, plugin("failed")]],
])("the agent starts with %s", (_, mode, plugins) => {
  expect(() => checkRunMode(mode, plugins)).not.toThrow();
});

test.each<[string, PluginDescription[]]>([
  ["nothing brings", [PROCESS, plugin("failed", "runtime:dokker")]],
  ["only a plugin of the other side brings", [PROCESS, plugin("skipped", "runtime:docker")]],
])("the agent does not start with one that %s", (_, plugins) => {
  expect(() => checkRunMode("docker", plugins)).toThrow(
    expect.objectContaining({ code: "RUN_MODE_UNKNOWN", remedy: expect.stringContaining("Runtimes here: process") }),
  );
});

test("a runtime that was chosen is awaited whenever it is not loaded; the default one while it is on its way", () => {
  const awaited = (mode: string, ...plugins: PluginDescription[]): boolean =>
    runModeOf(mode, () => plugins).isAwaited();
  expect(awaited("docker", PROCESS)).toBe(true);
  expect(awaited("process", plugin("imported", "runtime:process"))).toBe(true);
  expect(awaited("process", plugin("failed", "runtime:process"))).toBe(false);
  expect(awaited("process", plugin("imported", "runtime:docker"))).toBe(false);
});
