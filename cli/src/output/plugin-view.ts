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
}

/** Plugins, one line each. */
export function pluginTable(plugins: readonly ShownPlugin[], colors: Colors): string {
  if (plugins.length === 0) return "No plugins.";
  const rows = plugins.map(({ id, state, version, provides, reason }) => [
    id,
    state === "ready" ? colors.green(state) : state === "failed" ? colors.red(state) : state,
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

/** A line for each runtime that does not work here, or only in part. */
export function runtimeNotes(runtimes: readonly ShownRuntime[]): string[] {
  return runtimes.flatMap(({ name, usable, reason, remedy }) => {
    if (reason === undefined) return [];
    return [plain(`runtime ${name}${usable ? "" : " cannot be used"}: ${reason}${remedy ? `. ${remedy}` : ""}`)];
  });
}
