import { DamsonError } from "@damson/plugin-sdk";
import type { PluginDescription } from "../host/index.ts";
import { didYouMean } from "../schema/index.ts";
import type { RunMode } from "./runtimes.ts";

/** The run mode of an agent whose user has not chosen one. It is a preference: a runtime of this name need not exist. */
export const DEFAULT_RUN_MODE = "process";

/** States in which a plugin will not become ready by itself. */
const SETTLED = ["ready", "failed", "skipped"];

/**
 * The run mode `name`. Who has chosen one does not want packages to run under anything else, so its runtime is awaited
 * whenever it is not loaded; that of the default only while its plugin is on its way.
 */
export function runModeOf(name: string, plugins: () => readonly PluginDescription[]): RunMode {
  return {
    name,
    isAwaited: () =>
      name !== DEFAULT_RUN_MODE || providers(name, plugins()).some(({ state }) => !SETTLED.includes(state)),
  };
}

/**
 * Refuses a run mode whose runtime no plugin brings. One that failed may be the one that would, and does not bring down
 * the agent: then only what has never run waits.
 *
 * @throws DamsonError `RUN_MODE_UNKNOWN` (422)
 */
export function checkRunMode(name: string, plugins: readonly PluginDescription[]): void {
  const unreadable = plugins.some(({ state, provides }) => state === "failed" && provides === undefined);
  if (name === DEFAULT_RUN_MODE || unreadable || providers(name, plugins).length > 0) return;
  const allowed = plugins.flatMap(({ state, provides = [] }) =>
    state === "skipped" ? [] : provides.flatMap(runtimeOf),
  );
  const hint = didYouMean(name, allowed);
  throw new DamsonError("RUN_MODE_UNKNOWN", `the run mode is "${name}", and no plugin brings a runtime of that name`, {
    status: 422,
    remedy: `${hint ? `${hint} ` : ""}Runtimes here: ${allowed.join(", ") || "none"}. Add a plugin to plugins.yaml, or choose another --run-mode.`,
  });
}

/** What an agent has to say while it awaits the runtime of its run mode. */
export function runModeWarning(awaited: string): string {
  return `the run mode is "${awaited}", and the runtime "${awaited}" is not loaded: what has never run waits for it, what has runs where it did`;
}

function providers(name: string, plugins: readonly PluginDescription[]): PluginDescription[] {
  return plugins.filter(({ state, provides }) => state !== "skipped" && provides?.includes(`runtime:${name}`));
}

function runtimeOf(reference: string): string[] {
  const [kind, name] = reference.split(":");
  return kind === "runtime" && name ? [name] : [];
}
