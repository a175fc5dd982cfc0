import {
  DamsonError,
  type ExecRequest,
  type ExecSession,
  type Handle,
  type Instance,
  type InstanceEvent,
  type Logger,
  type LogLine,
  type LogQuery,
  type Recovered,
  type ReportProgress,
  type ResourceUsage,
  type Runtime,
  type RuntimeCapabilities,
  type RuntimeHealth,
  type StopOptions,
  type StopResult,
  type StoredDocument,
  type UnitId,
  unknownExit,
} from "@damson/plugin-sdk";
import type { ContainerInfo, ContainerInspectInfo } from "dockerode";
import pLimit from "p-limit";
import type { DockerConfig } from "./config.ts";
import { engineAddress } from "./engine/address.ts";
import { Engine } from "./engine/engine.ts";
import { loginFilePath } from "./image/auth.ts";
import { Images, imageMissing, type PulledImages } from "./image/images.ts";
import { cursorOf } from "./logs/cursor.ts";
import { loggedRuns, readLogs } from "./logs/read-logs.ts";
import { endOf } from "./logs/tail.ts";
import { readSettings } from "./settings.ts";
import { checkContainerSpec } from "./spec/check-package.ts";
import { PACKAGE_SCHEMAS } from "./spec/package-schema.ts";
import { Specs } from "./specs.ts";
import { Containers } from "./unit/containers.ts";
import { startExec } from "./unit/exec.ts";
import { containerIdOf, handleOf } from "./unit/handle.ts";
import { LABELS, labelFilters } from "./unit/labels.ts";
import { networkName } from "./unit/names.ts";
import { AppNetworks } from "./unit/networks.ts";
import { Starter, startTime } from "./unit/start.ts";
import { exitOf, isFresh, isRunning } from "./unit/state.ts";
import { notRunning, usage, watchUsage } from "./unit/stats.ts";
import { stopContainer } from "./unit/stop.ts";
import { watchContainer } from "./unit/watch.ts";

/** What {@link createDockerRuntime} needs. */
export interface DockerRuntimeOptions {
  /** Id of the agent; containers of others are not touched. */
  readonly owner: string;
  readonly log: Logger;
  /** Its own directory; made when it is not there. */
  readonly directory: string;
  /** Where the images that it has pulled are noted. */
  readonly pulled: StoredDocument<PulledImages>;
  /** As in plugins.yaml. @default the defaults of each option */
  readonly config?: DockerConfig;
  /** DOCKER_HOST and the like, and the PLUM_ variables. @default none */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The Docker runtime. {@link close} it when it is no longer used; apps run on. */
export interface DockerRuntime extends Runtime {
  close(): void;
}

/** Makes the Docker runtime, and begins to connect to the engine. */
export function createDockerRuntime(options: DockerRuntimeOptions): DockerRuntime {
  return new EngineRuntime(options);
}

/** So many containers are asked about at once. */
const INSPECT_LIMIT = pLimit(16);

class EngineRuntime implements DockerRuntime {
  readonly name = "docker";
  readonly packageSchemas = PACKAGE_SCHEMAS;
  readonly capabilities: RuntimeCapabilities = {
    limits: { cpu: true, memory: true, cpuSet: true },
    ports: true,
    volumes: true,
    user: true,
    stats: true,
    exec: true,
    actions: [],
  };
  readonly #owner: string;
  readonly #engine: Engine;
  readonly #containers: Containers;
  readonly #networks: AppNetworks;
  readonly #starter: Starter;
  readonly #images: Images;
  readonly #specs: Specs;
  readonly #log: Logger;

  constructor({ owner, log, directory, pulled, config = {}, env = {} }: DockerRuntimeOptions) {
    const address = engineAddress(config.socket_path, env);
    this.#owner = owner;
    this.#log = log;
    this.#engine = new Engine({ address, label: labelFilters({ owner })[0] ?? "", log });
    this.#containers = new Containers(this.#engine);
    this.#networks = new AppNetworks(this.#engine, owner);
    this.#starter = new Starter({ engine: this.#engine, containers: this.#containers });
    this.#images = new Images({ engine: this.#engine, config, loginFile: loginFilePath(config, env), pulled, log });
    this.#specs = new Specs({
      engine: this.#engine,
      containers: this.#containers,
      directory,
      config,
      settings: readSettings(config, env),
      log,
    });
    this.#engine.events.onResume(() => void this.#lookAnew());
    this.#engine.open();
  }

  async check(): Promise<RuntimeHealth> {
    const health = await this.#engine.check();
    if (health.usable)
      await this.#tidy().catch((error: unknown) => this.#log.warn({ err: error }, "tidying up failed"));
    return health;
  }

  async *health(signal: AbortSignal): AsyncGenerator<RuntimeHealth> {
    await this.#engine.check();
    let changed = Promise.withResolvers<void>();
    const wake = (): void => changed.resolve();
    const unlisten = this.#engine.onHealth(wake);
    signal.addEventListener("abort", wake);
    try {
      while (!signal.aborted) {
        changed = Promise.withResolvers<void>();
        yield this.#engine.health;
        await changed.promise;
      }
    } finally {
      unlisten();
      signal.removeEventListener("abort", wake);
    }
  }

  async admit(instance: Instance): Promise<void> {
    const spec = await this.#specs.admit(instance);
    checkContainerSpec(spec, this.#engine.facts);
    if (spec.pull_policy !== "never" || !this.#engine.health.usable) return;
    if (!(await this.#images.find(spec.image))) throw imageMissing(spec.image);
  }

  async prepare(instance: Instance, report: ReportProgress, signal: AbortSignal): Promise<void> {
    this.#checkOwner(instance);
    const { image, pull_policy = "if_not_present" } = await this.#specs.prepare(instance, report, signal);
    await this.#images.bring(image, pull_policy, report, signal);
  }

  async start(instance: Instance): Promise<Handle> {
    this.#checkOwner(instance);
    const left = startTime(this.#engine);
    const spec = await this.#specs.ofPrepared(instance);
    const logs = await this.#specs.logs();
    const start = () => this.#starter.start(instance, spec, logs, left);
    const started = await (spec.network === "app" ? this.#networks.during(instance, start) : start());
    await this.#specs.forgetOthers(instance);
    return handleOf(started);
  }

  async recover(instance: Instance, handle: Handle | undefined): Promise<Recovered> {
    this.#checkOwner(instance);
    if (handle) this.#checkOwner(handle);
    const found = await this.#containers.find(instance, handle);
    if (!found) return { state: "gone" };
    if (isRunning(found.State)) return { state: "adopted", handle: handleOf(found) };
    if (!isFresh(found.State)) return { state: "exited", handle: handleOf(found), status: exitOf(found.State) };
    // Made and not started: a start that is still on its way finds nothing to start.
    await this.#containers.remove(found.Id);
    return { state: "gone" };
  }

  async *watch(handle: Handle, signal: AbortSignal): AsyncGenerator<InstanceEvent> {
    this.#checkOwner(handle);
    const id = containerIdOf(handle);
    if (id === undefined) yield { type: "exited", status: unknownExit("its handle is not one of this runtime") };
    else yield* watchContainer(this.#engine, this.#containers, id, signal);
  }

  async stop(handle: Handle, options: StopOptions): Promise<StopResult> {
    this.#checkOwner(handle);
    return stopContainer(this.#engine, this.#containers, await this.#containers.find(handle, handle), options);
  }

  async remove(unit: UnitId): Promise<void> {
    this.#checkOwner(unit);
    const found = await this.#containers.list(unit);
    const last = found.at(-1);
    // An earlier run has ended long ago: if it runs, somebody else has started it again.
    if (last && (last.State === "running" || last.State === "paused")) {
      throw new DamsonError("STILL_RUNNING", `${unit.instanceId} still runs`, {
        status: 409,
        remedy: "Stop it first.",
      });
    }
    for (const { Id } of found) await this.#containers.remove(Id);
    await this.#specs.remove(unit.instanceId);
    if (found.some(hasOwnNetwork)) await this.#networks.removeUnused();
  }

  async *logs(handle: Handle, query: LogQuery): AsyncGenerator<LogLine> {
    this.#checkOwner(handle);
    yield* readLogs(this.#engine, this.#containers, handle, query);
  }

  async logCursor(handle: Handle): Promise<string> {
    this.#checkOwner(handle);
    const last = (await loggedRuns(this.#containers, handle)).at(-1);
    return cursorOf(last ? await endOf(this.#engine, last, new AbortController().signal) : { run: handle.run });
  }

  async stats(handle: Handle): Promise<ResourceUsage> {
    return usage(this.#engine, await this.#running(handle));
  }

  async *watchStats(handle: Handle, signal: AbortSignal): AsyncGenerator<ResourceUsage> {
    yield* watchUsage(this.#engine, await this.#running(handle), signal);
  }

  async exec(handle: Handle, request: ExecRequest, signal: AbortSignal): Promise<ExecSession> {
    const { Id, Name, State } = await this.#running(handle);
    if (State.Status === "paused") throw paused(handle.instanceId, Name);
    return startExec(this.#engine, Id, request, signal);
  }

  async list(owner: string): Promise<Handle[]> {
    if (owner !== this.#owner) return [];
    const latest = new Map<string, string>();
    for (const container of await this.#containers.list({ owner })) {
      if (container.State !== "created") latest.set(container.Labels[LABELS.instance] ?? "", container.Id);
    }
    const found = await Promise.all(
      [...latest.values()].map((id) => INSPECT_LIMIT(() => this.#containers.inspect(id))),
    );
    return found.flatMap((container) => (container && !isFresh(container.State) ? [handleOf(container)] : []));
  }

  close(): void {
    this.#engine.close();
  }

  async #running(handle: Handle): Promise<ContainerInspectInfo> {
    this.#checkOwner(handle);
    const found = await this.#containers.find(handle, handle);
    if (found && isRunning(found.State)) return found;
    throw notRunning(handle.instanceId);
  }

  /** After the engine was away: what has ended meanwhile, or has a health, is looked at; the rest runs as before. */
  async #lookAnew(): Promise<void> {
    const { watched } = this.#engine.events;
    if (watched.length === 0) return;
    // Where even that cannot be found out, all are looked at.
    const found = await this.#containers.list({ owner: this.#owner }).catch(() => []);
    const unchanged = found.filter(({ State, Status }) => State === "running" && !Status.includes("health"));
    const quiet = new Set(unchanged.map(({ Id }) => Id));
    for (const id of watched) if (!quiet.has(id)) this.#engine.events.tell(id);
  }

  async #tidy(): Promise<void> {
    await this.#specs.prune();
    await this.#images.collect(new Date());
    await this.#networks.removeUnused();
  }

  #checkOwner({ owner, instanceId }: UnitId): void {
    if (owner === this.#owner) return;
    throw new DamsonError("FOREIGN_UNIT", `${instanceId} belongs to the agent "${owner}", not to this one`, {
      status: 409,
    });
  }
}

function hasOwnNetwork({ NetworkSettings, Labels }: ContainerInfo): boolean {
  return networkName(Labels[LABELS.owner] ?? "", Labels[LABELS.app] ?? "") in (NetworkSettings?.Networks ?? {});
}

function paused(instanceId: string, name: string): DamsonError {
  return new DamsonError("NOT_RUNNING", `${instanceId} is paused`, {
    status: 409,
    remedy: `Let it go on: docker unpause ${name.replace(/^\//, "")}`,
  });
}
