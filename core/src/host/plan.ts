import { basename } from "node:path";
import { DamsonError, type HostFacts, type Issue } from "@damson/plugin-sdk";
import { didYouMean, issueText } from "../schema/index.ts";
import { checkCompatibility } from "./compatibility.ts";
import { configure } from "./config.ts";
import { pluginError } from "./errors.ts";
import { findCycle, findDependencies, findProviders } from "./graph.ts";
import { installedPlugins } from "./installed.ts";
import { readPackage, shownPath } from "./manifest.ts";
import type { PluginsFile } from "./plugins-file.ts";
import { defaultId, PluginRecord } from "./record.ts";
import { findPlugin, isLocal, type SearchPlaces, searchFolders } from "./resolve.ts";
import type { Environment } from "./substitute.ts";

/** What {@link planPlugins} goes by. */
export interface PlanOptions {
  readonly side: HostFacts["kind"];
  readonly places: SearchPlaces;
  readonly environment: Environment;
}

/**
 * Takes every step of loading that runs no code of a plugin. Records that could be imported are `configured`; the
 * others are `skipped`, or `failed` with all that is wrong with them.
 *
 * @throws DamsonError `PLUGIN_ID_DUPLICATE` (422).
 */
export async function planPlugins(file: PluginsFile, options: PlanOptions): Promise<PluginRecord[]> {
  const records = file.entries.map((entry) => new PluginRecord(entry));
  await Promise.all(records.map((record) => describe(record, options)));
  refuseDuplicates(records);
  await link(records);
  for (const record of records) {
    if (record.package === undefined) continue;
    await record.take("config", () => configure(record, options.environment), { anyway: true });
  }
  failDependents(records);
  return records;
}

/** Fails every plugin that requires one which failed, naming it. */
export function failDependents(records: readonly PluginRecord[]): void {
  const byId = new Map(records.map((record) => [record.id, record]));
  for (let changed = true; changed; ) {
    changed = false;
    for (const record of records) {
      if (record.failed) continue;
      const lost = record.dependencies.find(({ provider, required }) => required && byId.get(provider)?.failed);
      if (!lost) continue;
      record.fail(dependencyFailed(record, lost.reference, lost.provider));
      changed = true;
    }
  }
}

/** The error of a plugin whose provider is not there. */
export function dependencyFailed(record: PluginRecord, reference: string, provider: string): DamsonError {
  return pluginError("PLUGIN_DEPENDENCY_FAILED", {
    ...record.place(),
    message: `requires ${reference} of ${provider}, which failed`,
  });
}

async function describe(record: PluginRecord, { places, side }: PlanOptions): Promise<void> {
  const { entry } = record;
  const found = findPlugin(entry.use, places);
  await record.take("discover", async () => {
    if (!found) throw await notFound(record, places);
  });
  if (!found) return;
  await record.take("manifest", async () => {
    record.package = await readPackage(found);
    record.id = entry.id ?? defaultId(record.package.name);
    const { runsOn } = record.package.manifest;
    if (!runsOn.includes(side)) record.skip(`it runs on the ${runsOn.join(" and ")} only`);
  });
  await record.take("compatibility", () => {
    if (record.package) checkCompatibility(record.package, record.place());
  });
}

async function link(records: readonly PluginRecord[]): Promise<void> {
  const { providers, conflicts } = findProviders(records);
  const byId = new Map(records.map((record) => [record.id, record]));
  const resolved = records.map((record) =>
    record.take("dependencies", () => {
      const conflict = conflicts.get(record);
      if (conflict) throw conflict;
      record.dependencies = findDependencies(record, providers, records);
    }),
  );
  await Promise.all(resolved);
  for (const record of records) {
    const cycle = findCycle(record, byId);
    if (cycle) record.fail(cycleError(record, cycle));
  }
}

function cycleError(record: PluginRecord, cycle: readonly string[]): DamsonError {
  return pluginError(
    "PLUGIN_DEPENDENCY_CYCLE",
    { ...record.place(), message: `plugins need each other: ${cycle.join(" -> ")}` },
    { remedy: "Remove one of them from plugins.yaml, or have one name the other no longer." },
  );
}

async function notFound(record: PluginRecord, places: SearchPlaces): Promise<DamsonError> {
  const { use } = record.entry;
  const place = { ...record.entry.place(["use"]), path: record.id };
  if (isLocal(use)) {
    const message = `there is no plugin at ${use}`;
    const hint = "Expected a folder with a package.json, or a module.";
    return pluginError("PLUGIN_NOT_FOUND", { ...place, message, hint });
  }
  const installed = (await installedPlugins(places)).map(({ name }) => name);
  const hint = didYouMean(use, installed) ?? sameName(use, installed);
  const message = `${use} is not installed; looked from ${searchFolders(places).map(shownPath).join(", ")}`;
  return pluginError(
    "PLUGIN_NOT_FOUND",
    { ...place, message, ...(hint && { hint }), ...(installed.length > 0 && { allowed: installed }) },
    { remedy: `Install it: npm install ${use}` },
  );
}

// A forgotten scope is further away than a misspelling may be.
function sameName(use: string, installed: readonly string[]): string | undefined {
  const name = installed.find((each) => basename(each) === basename(use));
  return name === undefined ? undefined : `Did you mean ${JSON.stringify(name)}?`;
}

function refuseDuplicates(records: readonly PluginRecord[]): void {
  const issues: Issue[] = [];
  const seen = new Map<string, PluginRecord>();
  for (const record of records) {
    const first = seen.get(record.id);
    if (!first) seen.set(record.id, record);
    else {
      const message = `the id "${record.id}" is taken by the entry at line ${first.entry.place().line}`;
      issues.push({ ...record.entry.place(["id"]), path: record.id, message, hint: "Give this entry another id." });
    }
  }
  if (issues.length === 0) return;
  throw new DamsonError("PLUGIN_ID_DUPLICATE", issues.map(issueText).join("\n"), { status: 422, issues });
}
