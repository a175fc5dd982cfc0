import { type DamsonError, errorText, type Runtime } from "@damson/plugin-sdk";
import { withDeadline } from "./deadline.ts";
import { pluginError } from "./errors.ts";
import { inOrder } from "./graph.ts";
import { PluginLife } from "./life.ts";
import { importPlugin } from "./load.ts";
import { dependencyFailed } from "./plan.ts";
import type { PluginRecord } from "./record.ts";
import type { HostObserver, Surroundings } from "./surroundings.ts";

/** Starts and stops plugins in the order of their dependencies, siblings at the same time. */
export class PluginRunner {
  readonly #surroundings: Surroundings;
  readonly #observer: HostObserver;

  constructor(surroundings: Surroundings, observer: HostObserver) {
    this.#surroundings = surroundings;
    this.#observer = observer;
  }

  /**
   * Starts those of `records` that are configured; the others, which may serve them, are as they are. Afterwards each is
   * ready, or failed with the reason. Never rejects.
   */
  async start(records: readonly PluginRecord[]): Promise<void> {
    const byId = new Map(records.map((record) => [record.id, record]));
    const started = new Map<string, Promise<void>>();
    for (const record of inOrder(records).filter(({ state }) => state === "configured")) {
      const providers = record.dependencies.map(({ provider }) => started.get(provider));
      started.set(
        record.id,
        Promise.all(providers).then(() => this.#startOne(record, byId)),
      );
    }
    await Promise.all(started.values());
  }

  /** Stops those of `records` that are ready, each after all that depend on it. Never rejects. */
  async stop(records: readonly PluginRecord[]): Promise<void> {
    const stopped = new Map<PluginRecord, Promise<void>>();
    const running = inOrder(records).filter((record) => record.running);
    for (const record of running.toReversed()) {
      const users = running.filter((each) => each.dependencies.some(({ provider }) => provider === record.id));
      stopped.set(
        record,
        Promise.all(users.map((user) => stopped.get(user))).then(() => this.#stopOne(record)),
      );
    }
    await Promise.all(stopped.values());
  }

  async #startOne(record: PluginRecord, byId: ReadonlyMap<string, PluginRecord>): Promise<void> {
    const lost = record.dependencies.find(({ provider, required }) => required && !byId.get(provider)?.running);
    if (lost) record.fail(dependencyFailed(record, lost.reference, lost.provider));
    const { package: found } = record;
    if (record.failed || !found) return this.#logFailure(record);

    const { deadlines } = this.#surroundings;
    const life = new PluginLife(record, this.#surroundings);
    let plugin: Awaited<ReturnType<typeof importPlugin>> | undefined;
    await record.take("import", async () => {
      plugin = await importPlugin(record, found, deadlines.importMs);
    });
    await record.take("setup", async () => {
      if (plugin) await life.begin(plugin, lookUp(record, byId));
    });
    if (record.failed) return this.#logFailure(record);

    record.life = life;
    try {
      for (const runtime of life.runtimes) await this.#tellAdded(record, runtime);
      life.log.info({ timings: record.timings }, `${record.id} is ready`);
    } catch (cause) {
      await this.#stopOne(record);
      const message = `its runtime is refused: ${errorText(cause)}`;
      record.fail(pluginError("PLUGIN_REFUSED", { ...record.place(), message }, { cause }));
      this.#logFailure(record);
    }
  }

  async #stopOne(record: PluginRecord): Promise<void> {
    const { life } = record;
    if (!life) return;
    // First, so that requests and look-ups that come while it stops are refused.
    record.state = "stopped";
    for (const runtime of life.runtimes) await this.#tellRemoved(record, runtime);
    await life.end();
    record.life = undefined;
    life.log.info(`${record.id} has stopped`);
  }

  async #tellAdded(record: PluginRecord, runtime: Runtime): Promise<void> {
    await this.#observed(async () => this.#observer.onRuntimeAdded(runtime, record.id));
  }

  async #tellRemoved(record: PluginRecord, runtime: Runtime): Promise<void> {
    try {
      await this.#observed(async () => this.#observer.onRuntimeRemoved(runtime.name, record.id));
    } catch (error) {
      const { log } = this.#surroundings;
      log.error(
        { err: error, plugin: record.id },
        `the runtime ${runtime.name} goes although it could not be let go of`,
      );
    }
  }

  #observed(work: () => Promise<void>): Promise<void> {
    const { observerMs } = this.#surroundings.deadlines;
    return withDeadline(work(), observerMs, () => new Error(`not finished within ${observerMs / 1_000} s`));
  }

  #logFailure(record: PluginRecord): void {
    for (const error of record.errors) logFailure(this.#surroundings, record, error);
  }
}

/** Writes why a plugin failed to the log, once, with its cause. */
export function logFailure({ log }: Surroundings, { id }: PluginRecord, error: DamsonError): void {
  log.error({ plugin: id, code: error.code, ...(error.cause !== undefined && { err: error.cause }) }, error.message);
}

function lookUp(record: PluginRecord, byId: ReadonlyMap<string, PluginRecord>): (reference: string) => unknown {
  return (reference) => {
    const dependency = record.dependencies.find((each) => each.reference === reference);
    const provider = dependency && byId.get(dependency.provider);
    return provider?.running ? provider.life?.contributions.get(reference) : undefined;
  };
}
