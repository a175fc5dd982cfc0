import type { Package } from "@damson/plugin-sdk";
import type { AppSpec } from "./schema/apply.ts";

/** What stands for an environment value that was not asked for by name. */
export const REDACTED = "***";

/** The spec as a read API shows it: every environment value hidden but those in `reveal`. */
export function redactSpec(spec: AppSpec, reveal: ReadonlySet<string>): AppSpec {
  const { environment } = spec.pkg as Package;
  if (typeof environment !== "object" || environment === null) return spec;
  const shown = Object.entries(environment).map(([name, value]) => [name, reveal.has(name) ? value : REDACTED]);
  const pkg: Package = { ...spec.pkg, environment: Object.fromEntries(shown) };
  return { ...spec, pkg };
}
