import { isDeepStrictEqual } from "node:util";
import { withDependents } from "./graph.ts";
import { loadedVersion } from "./load.ts";
import type { PluginRecord } from "./record.ts";

/** What a reload comes to, before anything is done. */
export interface ReloadPlan {
  /** All records of the new plugins.yaml; those of plugins that go on have taken over their lives. */
  readonly records: readonly PluginRecord[];
  /** Running records that stop: changed, removed, or dependent on one that does. */
  readonly stopping: readonly PluginRecord[];
}

/** What a reload did, by ids. */
export interface ReloadReport {
  readonly started: readonly string[];
  readonly stopped: readonly string[];
  readonly restarted: readonly string[];
  readonly unchanged: readonly string[];
  /** Those that were to start and could not; see their descriptions for the reason. */
  readonly failed: readonly string[];
  readonly warnings: readonly string[];
}

/** Finds the least that has to stop and start to get from `before` to `after`. */
export function planReload(before: readonly PluginRecord[], after: readonly PluginRecord[]): ReloadPlan {
  const old = new Map(before.map((record) => [record.id, record]));
  const now = new Map(after.map((record) => [record.id, record]));
  const changed = [
    ...before.filter(({ id }) => !now.has(id)),
    ...after.filter((record) => !isSame(old.get(record.id), record)),
  ].map(({ id }) => id);
  // What depended on it before, or will from now on, has to look it up anew.
  const touched = withDependents(changed, [...before, ...after]);

  for (const record of after) {
    const running = old.get(record.id);
    if (running && !touched.has(record.id)) record.takeOver(running);
  }
  return { records: after, stopping: before.filter(({ id, running }) => running && touched.has(id)) };
}

/**
 * Gives each record the version whose code is loaded, since a process loads a module once. Returns a warning for each
 * plugin of which another version is installed.
 */
export function keepLoadedVersions(records: readonly PluginRecord[]): string[] {
  return records.flatMap((record) => {
    const { id, package: installed } = record;
    const version = installed && loadedVersion(installed.module);
    if (!installed || version === undefined || version === installed.version) return [];
    record.package = { ...installed, version };
    return [`${id}: version ${installed.version} is installed, but ${version} stays loaded until the host restarts.`];
  });
}

/** Sums up a reload after its plugins have stopped and started. */
export function reportReload(
  before: readonly PluginRecord[],
  { records, stopping }: ReloadPlan,
  warnings: readonly string[],
): ReloadReport {
  const stoppedIds = new Set(stopping.map(({ id }) => id));
  // What was stopped is so no longer.
  const wasRunning = new Set(before.filter(({ running }) => running).map(({ id }) => id));
  const ready = records.filter(({ running }) => running).map(({ id }) => id);
  return {
    started: ready.filter((id) => !stoppedIds.has(id) && !wasRunning.has(id)),
    restarted: ready.filter((id) => stoppedIds.has(id)),
    stopped: [...stoppedIds].filter((id) => !ready.includes(id)),
    unchanged: ready.filter((id) => wasRunning.has(id)),
    failed: records.filter(({ failed }) => failed).map(({ id }) => id),
    warnings,
  };
}

function isSame(old: PluginRecord | undefined, record: PluginRecord): boolean {
  if (record.state === "skipped") return old?.state === "skipped";
  if (!old?.running) return false;
  return old.package?.module === record.package?.module && isDeepStrictEqual(old.config, record.config);
}
