import { pathToFileURL } from "node:url";
import { DamsonError, errorText, type HostFacts, type Runtime, type Scheduler, type Store } from "@damson/plugin-sdk";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { asHost } from "./attribution.ts";
import { describePlugin, type PluginDescription } from "./describe.ts";
import { combinedError, pluginError } from "./errors.ts";
import { withDependents } from "./graph.ts";
import { handlerOf, noHandler, type PluginHandler } from "./plugin-http.ts";
import type { PluginsFile } from "./plugins-file.ts";
import { type PluginSources, readPlan, warningsOf } from "./read-plan.ts";
import type { PluginRecord } from "./record.ts";
import { keepLoadedVersions, planReload, type ReloadReport, reportReload } from "./reload.ts";
import { logFailure, PluginRunner } from "./runner.ts";
import {
  type HostEvents,
  type HostObserver,
  PLUGIN_DEADLINES,
  type PluginDeadlines,
  type Surroundings,
} from "./surroundings.ts";

/** What a {@link PluginHost} needs. */
export interface PluginHostOptions extends PluginSources {
  readonly facts: HostFacts;
  readonly log: Logger;
  readonly events: HostEvents;
  /** Told of runtimes that come and go. */
  readonly observer: HostObserver;
  /** Base of the plugins' own directories and documents; made where it is missing. */
  readonly directory: string;
  /** @default 10 s each, 30 s for the observer */
  readonly deadlines?: Partial<PluginDeadlines>;
}

/** Loads the plugins of one plugins.yaml and keeps them apart: what one does wrong is its own failure. */
export class PluginHost {
  readonly #options: PluginHostOptions;
  readonly #surroundings: Surroundings;
  readonly #runner: PluginRunner;
  #records: readonly PluginRecord[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(options: PluginHostOptions) {
    this.#options = options;
    const { facts, log, events, directory, deadlines } = options;
    this.#surroundings = {
      facts,
      env: options.environment ?? process.env,
      log,
      events,
      directory,
      deadlines: { ...PLUGIN_DEADLINES, ...deadlines },
    };
    this.#runner = new PluginRunner(this.#surroundings, options.observer);
  }

  /**
   * Loads every plugin; resolves when each is ready, skipped or failed.
   *
   * @throws DamsonError `PLUGINS_FILE_NOT_FOUND`, `PLUGINS_FILE_UNREADABLE`, `PLUGINS_FILE_INVALID`, `PLUGIN_ID_DUPLICATE`; and when a `required`
   *   plugin fails, its error, or `PLUGINS_INVALID` with all that are known. Nothing then runs.
   */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      const { records, file } = await this.#plan();
      for (const text of warningsOf(file, records)) this.#options.log.warn(text);
      this.#refuseWithoutRequired(records);
      this.#records = records;
      for (const record of records) for (const error of record.errors) logFailure(this.#surroundings, record, error);
      await this.#runner.start(records);
      try {
        this.#refuseWithoutRequired(records);
      } catch (error) {
        await this.#runner.stop(records);
        throw error;
      }
    });
  }

  /** Stops every plugin, each after those that depend on it. The host cannot be started again. */
  stop(): Promise<void> {
    return this.#inTurn(async () => {
      this.#stopped = true;
      await this.#runner.stop(this.#records);
    });
  }

  /**
   * Reads plugins.yaml again and restarts what changed in it, what failed before, and what depends on either. Calls that
   * come at the same time are served one after the other. Code that was loaded stays loaded: a plugin whose code has
   * changed needs a restart of the host.
   *
   * @throws DamsonError (422) as {@link start} does, and for whatever is wrong with any plugin before its code runs.
   *   Nothing has changed then.
   */
  reload(): Promise<ReloadReport> {
    return this.#inTurn(async () => {
      const { records, file } = await this.#plan();
      const errors = records.flatMap((record) => record.errors);
      if (errors.length > 0) throw combinedError(errors, 422);
      const before = this.#records;
      const warnings = [...warningsOf(file, records), ...keepLoadedVersions(records)];
      for (const text of warnings) this.#options.log.warn(text);
      const plan = planReload(before, records);
      await this.#runner.stop(plan.stopping);
      this.#records = records;
      await this.#runner.start(records);
      return reportReload(before, plan, warnings);
    });
  }

  /** Every plugin of plugins.yaml, in its order. */
  describe(): PluginDescription[] {
    return this.#records.map(describePlugin);
  }

  /** The runtimes of plugins that are ready, guarded. */
  runtimes(): { readonly pluginId: string; readonly runtime: Runtime }[] {
    return this.#running().flatMap(({ id, life }) =>
      (life?.runtimes ?? []).map((runtime) => ({ pluginId: id, runtime })),
    );
  }

  /** What plugins that are ready contribute of a kind, in the order of plugins.yaml: guarded, as they gave it. */
  provided(kind: "scheduler"): Scheduler[];
  provided(kind: "store"): Store[];
  provided(kind: string): unknown[] {
    return this.#running().flatMap(({ life }) =>
      [...(life?.contributions ?? [])].flatMap(([reference, value]) =>
        reference.startsWith(`${kind}:`) ? [value] : [],
      ),
    );
  }

  /**
   * Answers requests for one plugin's routes; see {@link pluginRoutes}.
   *
   * @throws DamsonError `PLUGIN_UNKNOWN` (404), `PLUGIN_ROUTE_NOT_FOUND` (404) or `PLUGIN_NOT_READY` (503).
   */
  handler(id: string): PluginHandler {
    const record = this.#records.find((each) => each.id === id);
    if (!record?.life?.http || !record.running) throw noHandler(id, record?.state);
    return handlerOf(record.life, record.life.http);
  }

  /** The metrics of plugins that are ready, each with the label `plugin`. */
  registries(): Registry[] {
    return this.#running().flatMap(({ life }) => (life ? [life.metrics] : []));
  }

  /**
   * Declares a running plugin failed with `PLUGIN_REJECTED_LATER`, after it threw outside any call. It and what requires
   * it are stopped; what merely uses it is restarted without it. A plugin that is not running is left as it is.
   */
  fail(id: string, cause: unknown): Promise<void> {
    return this.#inTurn(async () => {
      const record = this.#running().find((each) => each.id === id);
      if (!record) return;
      const touched = withDependents([id], this.#records);
      const users = this.#running().filter((each) => touched.has(each.id));
      await this.#runner.stop(users);
      for (const user of users) user.rearm();
      record.fail(rejectedLater(record, cause));
      for (const error of record.errors) logFailure(this.#surroundings, record, error);
      await this.#runner.start(this.#records);
    });
  }

  /** Id of the plugin in whose package the error was made, by its stack; for errors that nothing else attributes. */
  ownerOf(error: unknown): string | undefined {
    if (!(error instanceof Error) || error.stack === undefined) return undefined;
    const { stack } = error;
    return this.#running().find(({ package: found }) => found && namesFolder(stack, found.folder))?.id;
  }

  #running(): PluginRecord[] {
    return this.#records.filter(({ running }) => running);
  }

  async #plan(): Promise<{ file: PluginsFile; records: PluginRecord[] }> {
    if (this.#stopped) throw new DamsonError("HOST_STOPPED", "the plugin host has been stopped", { status: 503 });
    return readPlan(this.#options, this.#options.facts.kind);
  }

  #refuseWithoutRequired(records: readonly PluginRecord[]): void {
    const failed = records.filter((record) => record.failed);
    if (failed.some(({ entry }) => entry.required))
      throw combinedError(
        failed.flatMap(({ errors }) => errors),
        500,
      );
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => asHost(work));
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

function rejectedLater(record: PluginRecord, cause: unknown): DamsonError {
  const message = `threw outside any call: ${errorText(cause)}`;
  const remedy = "Reload the plugins to start it again; report the fault to its author.";
  return pluginError("PLUGIN_REJECTED_LATER", { ...record.place(), message }, { cause, remedy });
}

// ES modules stand in a stack by their URL, CommonJS ones by their path.
function namesFolder(stack: string, folder: string): boolean {
  return stack.includes(`${pathToFileURL(folder).href}/`) || stack.includes(`${folder}/`);
}
