import { mkdirSync, realpathSync, statSync } from "node:fs";
import { access } from "node:fs/promises";
import { release } from "node:os";
import { join } from "node:path";
import { Artifacts, checkSource, diskError } from "@damson/artifact";
import {
  DamsonError,
  errorText,
  type Handle,
  type Instance,
  type InstanceEvent,
  type Logger,
  type LogLine,
  type LogQuery,
  type LogStream,
  type Recovered,
  type ReportProgress,
  type ResourceUsage,
  type Runtime,
  type RuntimeCapabilities,
  type RuntimeHealth,
  type StopOptions,
  type StopResult,
  type UnitId,
} from "@damson/plugin-sdk";
import type { ProcessConfig } from "./config.ts";
import { Instances } from "./instances.ts";
import { Layout, recordName } from "./layout.ts";
import { cgroupUsage } from "./limits/cgroups.ts";
import { Limits, readLimits } from "./limits/limits.ts";
import { cursorOf } from "./logs/cursor.ts";
import { LogKeeper } from "./logs/log-keeper.ts";
import { readLogs } from "./logs/read-logs.ts";
import { Snapshots } from "./process/snapshot.ts";
import { isStarted, readRecord } from "./run/record.ts";
import { makeDirectoryFor, readyLog, writeScript } from "./run/run-files.ts";
import { Runs } from "./run/runs.ts";
import { StatusBoard } from "./run/status-board.ts";
import { handleOf, keyOf } from "./run/unit.ts";
import { UsageMeter } from "./run/usage.ts";
import { checkWorkingDir } from "./spec/command.ts";
import { PACKAGE_SCHEMAS, packages } from "./spec/package-schema.ts";
import { commandFor, logBoundFor, type Plan, planFor } from "./spec/plan.ts";
import { findSetpriv, runAs } from "./spec/user.ts";

const STREAMS = ["stdout", "stderr"] as const;
/** Old enough for an ask for usage: many ask at once, and one look at the processes serves them all. */
const USAGE_AGE_MS = 500;
const SCRIPT = "script";

/** What {@link createProcessRuntime} needs. */
export interface ProcessRuntimeOptions {
  /** Its own directory; made when it is not there. */
  readonly directory: string;
  /** Id of the agent; units of others are refused. */
  readonly owner: string;
  readonly log: Logger;
  /** As in plugins.yaml. @default the defaults of each option */
  readonly config?: ProcessConfig;
}

/** The process runtime. {@link close} it when it is no longer used; apps run on. */
export interface ProcessRuntime extends Runtime {
  close(): void;
}

/** Makes the process runtime. Looks at the machine once, to know which limits and users it can set. */
export function createProcessRuntime(options: ProcessRuntimeOptions): ProcessRuntime {
  return new LinuxProcessRuntime(options);
}

class LinuxProcessRuntime implements ProcessRuntime {
  readonly name = "process";
  readonly packageSchemas = PACKAGE_SCHEMAS;
  readonly capabilities: RuntimeCapabilities;
  readonly #owner: string;
  readonly #layout: Layout;
  readonly #config: ProcessConfig;
  readonly #instances: Instances;
  readonly #board: StatusBoard;
  readonly #snapshots = new Snapshots();
  readonly #limits: Limits;
  readonly #setpriv = findSetpriv();
  readonly #runs: Runs;
  readonly #keeper: LogKeeper;
  readonly #artifacts: Artifacts;
  readonly #usage = new UsageMeter();

  constructor({ directory, owner, log, config = {} }: ProcessRuntimeOptions) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const layout = new Layout(realpathSync(directory), owner);
    for (const path of [layout.status, layout.instances, layout.artifacts]) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    }
    this.#owner = owner;
    this.#layout = layout;
    this.#config = config;
    this.#instances = new Instances(layout);
    this.#board = new StatusBoard(layout.status);
    this.#limits = new Limits(layout.id);
    this.#runs = new Runs({
      layout,
      instances: this.#instances,
      board: this.#board,
      snapshots: this.#snapshots,
      limits: this.#limits,
    });
    this.#keeper = new LogKeeper(layout, log);
    this.#artifacts = new Artifacts({
      cache: layout.artifacts,
      instances: layout.instances,
      log,
      config: config.artifacts,
    });
    this.capabilities = {
      limits: this.#limits.can,
      ports: false,
      volumes: false,
      user: this.#setpriv !== undefined,
      stats: true,
      exec: false,
      actions: [],
    };
  }

  async check(): Promise<RuntimeHealth> {
    if (process.platform !== "linux") {
      return {
        usable: false,
        reason: `the process runtime needs Linux with /proc, and this is ${process.platform}`,
        remedy: "Run the agent on Linux, or use another runtime.",
      };
    }
    try {
      await access("/proc/self/stat");
      await this.#instances.prune();
      await this.#artifacts.prune();
      const fault = await this.#keeper.fault();
      const logs = fault && `the size of logs is not bounded, because fallocate --punch-hole fails: ${fault}`;
      const reason = [logs, this.#limits.reason].filter((part) => part !== undefined).join("; ");
      return { usable: true, version: release(), ...(reason === "" ? {} : { reason }) };
    } catch (error) {
      return {
        usable: false,
        reason: errorText(error),
        remedy: `Mount /proc, and let the agent write to ${this.#layout.root}.`,
      };
    }
  }

  async admit(instance: Instance): Promise<void> {
    const plan = await this.#plan(instance);
    const { pkg } = plan;
    if (pkg.type === "artifact") {
      if (pkg.working_dir !== undefined) checkWorkingDir(pkg.working_dir);
      await checkSource(pkg);
      return;
    }
    const work = this.#layout.work(instance.instanceId);
    const cwd = statSync(work, { throwIfNoEntry: false }) ? work : "/";
    await commandFor(plan, { cwd, base: work, script: SCRIPT });
  }

  async prepare(instance: Instance, report: ReportProgress, signal: AbortSignal): Promise<void> {
    this.#checkOwner(instance);
    const pkg = packages.read(instance.pkg);
    if (pkg.type !== "artifact") return;
    const user = await runAs(pkg.user, this.#setpriv);
    const giveTo = user.prefix.length > 0 ? user : undefined;
    await this.#artifacts.prepare(instance, pkg, { giveTo }, report, signal);
  }

  async start(instance: Instance): Promise<Handle> {
    this.#checkOwner(instance);
    const key = keyOf(instance);
    try {
      this.#instances.open(instance.instanceId);
      const existing = await this.#runs.existing(key);
      if (existing) return existing;
      const plan = await this.#plan(instance);
      const planned = await this.#command(instance, plan);
      if (key.run > 1) {
        await this.#runs.clearOthers(key);
        await this.#artifacts.removeOthers(key.instanceId, key.run);
      }
      const handle = await this.#runs.start(instance, { plan, ...planned });
      this.#keeper.keep(key.instanceId, logBoundFor(plan.pkg, this.#config.logs));
      return handle;
    } catch (error) {
      throw diskError(error, this.#layout.root);
    }
  }

  async recover(instance: Instance, handle: Handle | undefined): Promise<Recovered> {
    const { instanceId, pkg } = instance;
    this.#checkOwner(instance);
    if (handle) this.#checkOwner(handle);
    const recovered = await this.#runs.recover(instance, handle);
    // A spec of an earlier version may no longer match the schema; what runs is adopted all the same.
    const bound = logBoundFor(packages.known(pkg) ?? {}, this.#config.logs);
    if (recovered.state === "adopted") this.#keeper.keep(instanceId, bound);
    return recovered;
  }

  async *watch(handle: Handle, signal: AbortSignal): AsyncGenerator<InstanceEvent> {
    this.#checkOwner(handle);
    const status = await this.#runs.exit(handle, { signal });
    if (!status) return;
    await this.#runs.tidy(handle);
    yield { type: "exited", status };
  }

  async stop(handle: Handle, options: StopOptions): Promise<StopResult> {
    this.#checkOwner(handle);
    return this.#runs.stop(handle, options);
  }

  async remove({ owner, instanceId }: UnitId): Promise<void> {
    this.#checkOwner({ owner, instanceId });
    if (this.#handles(this.#instances.runsOf(instanceId), instanceId).some((one) => this.#runs.state(one).running)) {
      throw new DamsonError("STILL_RUNNING", `${instanceId} still runs`, { status: 409, remedy: "Stop it first." });
    }
    await this.#runs.clearOthers({ owner, instanceId, run: 0 });
    this.#keeper.forget(instanceId);
    this.#usage.forget(instanceId);
    await this.#instances.remove(instanceId);
  }

  async *logs(handle: Handle, query: LogQuery): AsyncGenerator<LogLine> {
    this.#checkOwner(handle);
    const name = recordName(handle.instanceId, handle.run);
    const source = {
      files: this.#logFiles(handle),
      hasEnded: () => !this.#runs.state(handle).running,
      onChange: (listener: () => void) => this.#board.subscribe(name, listener),
    };
    yield* readLogs(source, query);
  }

  async logCursor(handle: Handle): Promise<string> {
    const files = this.#logFiles(handle);
    const size = (stream: LogStream) => statSync(files[stream].path, { throwIfNoEntry: false })?.size ?? 0;
    return cursorOf({ stdout: size("stdout"), stderr: size("stderr") });
  }

  async stats(handle: Handle): Promise<ResourceUsage> {
    this.#checkOwner(handle);
    const snapshot = await this.#snapshots.recent(USAGE_AGE_MS);
    if (!this.#runs.state(handle).running) {
      throw new DamsonError("NOT_RUNNING", `${handle.instanceId} does not run`, { status: 409 });
    }
    const limits = readLimits(this.#layout.runDir(handle.instanceId, handle.run));
    const members = this.#runs.members(handle, snapshot);
    const run = recordName(handle.instanceId, handle.run);
    return this.#usage.read(run, members, cgroupUsage(limits?.dirs ?? {}), limits?.memory_bytes);
  }

  async list(owner: string): Promise<Handle[]> {
    if (owner !== this.#owner) return [];
    return this.#instances.runs().flatMap(({ instanceId, run }) => this.#handles([run], instanceId));
  }

  close(): void {
    this.#board.close();
    this.#keeper.close();
  }

  /** Those of these runs that were started. */
  #handles(runs: Iterable<number>, instanceId: string): Handle[] {
    return [...runs].flatMap((run) => {
      const record = readRecord(this.#layout.record(instanceId, run));
      return isStarted(record) ? [handleOf({ owner: this.#owner, instanceId, run }, record)] : [];
    });
  }

  #plan(instance: Instance): Promise<Plan> {
    const { owner, instanceId, run } = instance;
    const marker = this.#layout.marker(owner, instanceId, run);
    return planFor(instance, { limits: this.#limits, setpriv: this.#setpriv, marker });
  }

  /** Makes what the command needs: the script, the directory that it runs in, its log files. */
  async #command(instance: Instance, plan: Plan): Promise<{ command: string[]; cwd: string }> {
    const { instanceId, run } = instance;
    const { pkg, user } = plan;
    if (user.prefix.length > 0) this.#instances.letPass(instanceId);
    const runDir = this.#layout.runDir(instanceId, run);
    let directory = this.#layout.work(instanceId);
    if (pkg.type === "artifact") {
      directory = await this.#artifacts.directory(instanceId, run);
    } else if (pkg.working_dir === undefined) {
      makeDirectoryFor(directory, user);
    }
    const script = pkg.type === SCRIPT ? writeScript(runDir, pkg.command, user) : "";
    const found = await commandFor(plan, { cwd: directory, base: directory, script });
    if (run > 1 || user.prefix.length > 0) {
      for (const stream of STREAMS) readyLog(join(this.#layout.logs(instanceId), stream), user);
    }
    return found;
  }

  #logFiles({ instanceId }: Handle) {
    return this.#keeper.files(instanceId, logBoundFor({}, this.#config.logs));
  }

  #checkOwner({ owner, instanceId }: UnitId): void {
    if (owner === this.#owner) return;
    throw new DamsonError("FOREIGN_UNIT", `${instanceId} belongs to the agent "${owner}", not to this one`, {
      status: 409,
    });
  }
}
