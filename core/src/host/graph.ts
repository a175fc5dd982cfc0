import type { DamsonError } from "@damson/plugin-sdk";
import { didYouMean } from "../schema/index.ts";
import { pluginError } from "./errors.ts";
import type { PluginRecord } from "./record.ts";

/** What one plugin needs of another. */
export interface Dependency {
  /** `kind:name`. */
  readonly reference: string;
  /** Id of the plugin that provides it. */
  readonly provider: string;
  /** From `requires`, and not from `optional`. */
  readonly required: boolean;
}

/** Records by the reference that they provide. */
export type Providers = ReadonlyMap<string, PluginRecord>;

/** Who provides what; `conflicts` has those that provide what another one, earlier in plugins.yaml, provides already. */
export function findProviders(records: readonly PluginRecord[]): {
  providers: Providers;
  conflicts: Map<PluginRecord, DamsonError>;
} {
  const providers = new Map<string, PluginRecord>();
  const conflicts = new Map<PluginRecord, DamsonError>();
  for (const record of records) {
    if (record.state === "skipped") continue;
    for (const reference of record.package?.manifest.provides ?? []) {
      const other = providers.get(reference);
      if (!other) providers.set(reference, record);
      else conflicts.set(record, conflict(record, reference, other));
    }
  }
  return { providers, conflicts };
}

/**
 * Who serves each of a plugin's `requires` and `optional`.
 *
 * @throws DamsonError `PLUGIN_DEPENDENCY_MISSING` with every reference that nothing provides.
 */
export function findDependencies(
  record: PluginRecord,
  providers: Providers,
  records: readonly PluginRecord[],
): Dependency[] {
  const { requires = [], optional = [] } = record.package?.manifest ?? {};
  const missing = requires.filter((reference) => !providers.has(reference));
  if (missing.length > 0) {
    const issues = missing.map((reference) => {
      const elsewhere = records.find((other) => other.skipped && other.package?.manifest.provides.includes(reference));
      const hint = elsewhere
        ? `${elsewhere.id} does, but ${elsewhere.skipped}.`
        : didYouMean(reference, [...providers.keys()]);
      return { ...record.place(), message: `requires ${reference}, which no plugin provides`, ...(hint && { hint }) };
    });
    throw pluginError("PLUGIN_DEPENDENCY_MISSING", issues, {
      remedy: `Add a plugin that provides ${missing.join(" and ")} to plugins.yaml.`,
    });
  }
  const served = (references: readonly string[], required: boolean) =>
    references.flatMap((reference) => {
      const provider = providers.get(reference)?.id;
      return provider === undefined ? [] : [{ reference, provider, required }];
    });
  return [...served(requires, true), ...served(optional, false)];
}

/** The ids of a cycle that `record` is on, beginning and ending with it; `undefined` when it is on none. */
export function findCycle(record: PluginRecord, byId: ReadonlyMap<string, PluginRecord>): string[] | undefined {
  const seen = new Set<string>();
  const search = (id: string, way: readonly string[]): string[] | undefined => {
    for (const { provider } of byId.get(id)?.dependencies ?? []) {
      if (provider === record.id) return [...way, provider];
      if (seen.has(provider)) continue;
      seen.add(provider);
      const found = search(provider, [...way, provider]);
      if (found) return found;
    }
    return undefined;
  };
  return search(record.id, [record.id]);
}

/** Providers before those that need them, otherwise as in plugins.yaml. */
export function inOrder(records: readonly PluginRecord[]): PluginRecord[] {
  const byId = new Map(records.map((record) => [record.id, record]));
  const seen = new Set<PluginRecord>();
  const ordered: PluginRecord[] = [];
  const add = (record: PluginRecord): void => {
    if (seen.has(record)) return;
    seen.add(record);
    for (const { provider } of record.dependencies) {
      const needed = byId.get(provider);
      if (needed) add(needed);
    }
    ordered.push(record);
  };
  records.forEach(add);
  return ordered;
}

/** `ids` and everything that depends on them, in whatever number of steps. */
export function withDependents(ids: Iterable<string>, records: readonly PluginRecord[]): Set<string> {
  const all = new Set(ids);
  // Each pass adds at least one record, or is the last.
  for (let size = -1; size !== all.size; ) {
    size = all.size;
    for (const { id, dependencies } of records) {
      if (dependencies.some(({ provider }) => all.has(provider))) all.add(id);
    }
  }
  return all;
}

function conflict(record: PluginRecord, reference: string, other: PluginRecord): DamsonError {
  const message = `provides ${reference}, which ${other.id} provides already`;
  return pluginError(
    "PLUGIN_PROVIDES_CONFLICT",
    { ...record.place(), message },
    { remedy: `Remove one of the two from plugins.yaml.` },
  );
}
