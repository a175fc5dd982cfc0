import type { AppSpec } from "./schema/apply.ts";

/** What is declared in a spec and has no effect yet, a sentence each, so that nobody relies on it. */
export function specWarnings(spec: AppSpec): string[] {
  if (!spec.probes?.length) return [];
  return [
    "probes: no loaded plugin serves them, so they are kept and not asked; until then an instance is healthy once it has " +
      "run for update.min_running.",
  ];
}
