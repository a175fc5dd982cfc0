import type { Colors } from "./colors.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";

/** What is shown of a plugin. */
export interface ShownPlugin {
  readonly id: string;
  readonly state: string;
  readonly version?: string;
  readonly provides?: readonly string[];
  readonly reason?: string;
  readonly remedy?: string;
}

/** Plugins, one line each. */
export function pluginTable(plugins: readonly ShownPlugin[], colors: Colors): string {
  if (plugins.length === 0) return "No plugins.";
  const rows = plugins.map(({ id, state, version, provides, reason }) => [
    id,
    stateText(state, colors),
    version ?? "-",
    provides?.join(", ") ?? "-",
    plain(reason ?? ""),
  ]);
  return table(["PLUGIN", "STATE", "VERSION", "PROVIDES", "REASON"], rows, colors);
}

/** What is shown of a runtime. */
export interface ShownRuntime {
  readonly name: string;
  readonly usable: boolean;
  readonly reason?: string;
  readonly remedy?: string;
}

/** What can be done about plugins that are degraded, and a line for each runtime that works only in part. */
export function pluginNotes(plugins: readonly ShownPlugin[], runtimes: readonly ShownRuntime[]): string[] {
  const degraded = plugins.flatMap(({ id, state, remedy }) => {
    return state === "degraded" && remedy !== undefined ? [plain(`${id}: ${remedy}`)] : [];
  });
  const partial = runtimes.flatMap(({ name, usable, reason, remedy }) => {
    return usable && reason !== undefined ? [plain(`runtime ${name}: ${reason}${remedy ? `. ${remedy}` : ""}`)] : [];
  });
  return [...degraded, ...partial];
}

function stateText(state: string, colors: Colors): string {
  if (state === "ready") return colors.green(state);
  if (state === "degraded") return colors.yellow(state);
  return state === "failed" ? colors.red(state) : state;
}
