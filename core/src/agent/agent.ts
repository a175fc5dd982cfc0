import { setTimeout as delay } from "node:timers/promises";
import { DamsonError, errorText, isRuntimeUnavailable, type Logger, type Runtime } from "@damson/plugin-sdk";
import { EventLog, type NewEvent } from "../http/index.ts";
import type { DamagedDocument, Document, Documents } from "../state/index.ts";
import { App } from "./app.ts";
import { appNotFound } from "./app-not-found.ts";
import { retryDelayMs } from "./backoff.ts";
import { applySpec, deleted, newDocument, restarted, rollbackSpec, started, stopped, type Wanted } from "./changes.ts";
import type { AppDocument } from "./document.ts";
import { type HealthJudge, minRunningJudge } from "./health.ts";
import { type AgentIdentity, instanceOf, packageOf } from "./instance-request.ts";
import { startableWith } from "./instance-runtimes.ts";
import { OrphanSweep } from "./orphans.ts";
import { planAll } from "./plan.ts";
import { RuntimeChecks } from "./runtime-checks.ts";
import { RuntimeLimits } from "./runtime-limits.ts";
import { type RunMode, Runtimes } from "./runtimes.ts";
import type { AppSpec } from "./schema/apply.ts";
import type { AppStatus } from "./schema/status.ts";
import { appStatus } from "./status.ts";
import type { SupervisorContext } from "./supervisor-context.ts";

/** How long the end of the supervision waits for calls under way. */
const DETACH_MS = 5_000;

/** What an {@link Agent} stands on. */
export interface AgentParts {
  readonly identity: AgentIdentity;
  readonly documents: Documents<AppDocument>;
  readonly damaged: readonly DamagedDocument[];
  readonly log: Logger;
  /** Settles when the plugins are loaded: until then a runtime that is not there may be on its way. @default at once */
  readonly loaded?: Promise<unknown>;
  /** @default the first loaded of several runtimes that serve a package */
  readonly runMode?: RunMode;
  /** Why assigned apps that do not run are not started yet, until {@link Agent.releaseAssigned}. @default they are */
  readonly holdAssigned?: string | undefined;
  /** @default minRunningJudge */
  readonly judge?: HealthJudge;
  /** @default the system's clock */
  readonly now?: () => Date;
}

/** What a change came to. */
export interface Changed {
  readonly app: App;
  /** Whether the app was already declared like this. */
  readonly changed: boolean;
  /** Why it does not run yet, though it is declared. */
  readonly warnings?: readonly string[];
}

/** Keeps declared apps true. It knows nothing of HTTP. */
export class Agent {
  readonly identity: AgentIdentity;
  readonly damaged: readonly DamagedDocument[];
  readonly events: EventLog;
  readonly runtimes: Runtimes;
  readonly checks: RuntimeChecks;
  readonly #documents: Documents<AppDocument>;
  readonly #apps = new Map<string, App>();
  readonly #changeListeners = new Set<(app: App) => void>();
  readonly #runtimeListeners = new Set<() => void>();
  /** Names whose document is being created or removed; a change of such an app waits for that. */
  readonly #busy = new Map<string, Promise<void>>();
  readonly #context: SupervisorContext;
  readonly #log: Logger;
  readonly #orphans: OrphanSweep;
  /** Whether runtimes are swept as soon as they can be. */
  #sweeping = false;
  readonly #loaded: Promise<void>;
  #isLoaded = false;
  #held: string | undefined;
  /** Settles when the next runtime comes. */
  #nextRuntime = Promise.withResolvers<void>();
  #detached = false;

  constructor(parts: AgentParts) {
    const now = parts.now ?? (() => new Date());
    this.identity = parts.identity;
    this.damaged = parts.damaged;
    this.events = new EventLog(now);
    this.#documents = parts.documents;
    this.#log = parts.log;
    this.runtimes = new Runtimes(parts.runMode);
    this.#held = parts.holdAssigned;
    const publish = (event: NewEvent): void => void this.events.publish(event);
    this.checks = new RuntimeChecks({ log: parts.log, publish, changed: () => this.#runtimesChanged() });
    this.#orphans = new OrphanSweep({
      owner: parts.identity.owner,
      log: parts.log,
      isKnown: (id) => this.#knows(id),
      publish,
    });
    const setLoaded = (): void => {
      this.#isLoaded = true;
      this.#nudgeAll();
    };
    this.#loaded = Promise.resolve(parts.loaded).then(setLoaded, setLoaded);
    this.#context = {
      identity: parts.identity,
      judge: parts.judge ?? minRunningJudge,
      limits: new RuntimeLimits(),
      runtimes: this.runtimes,
      unusable: (runtime) => this.checks.unusable(runtime),
      isLoading: () => !this.#isLoaded,
      held: () => this.#held,
      publish,
      now,
    };
  }

  /** Begins to supervise all apps that an earlier agent left. Those whose runtime is not there yet wait for it. */
  resume(): void {
    for (const document of this.#documents.all()) {
      const app = this.#newApp(document);
      app.resume();
    }
  }

  addRuntime(runtime: Runtime): void {
    this.runtimes.add(runtime);
    this.checks.begin(runtime);
    this.#nextRuntime.resolve();
    this.#nextRuntime = Promise.withResolvers();
    this.#runtimesChanged();
  }

  /** Units go on; what they do meanwhile is found out when a runtime for them is back. */
  removeRuntime(name: string): void {
    this.runtimes.remove(name);
    this.checks.end(name);
    this.#nudgeAll();
    for (const listener of this.#runtimeListeners) listener();
  }

  /** Lets assigned apps start that were held back. */
  releaseAssigned(): void {
    if (this.#held === undefined) return;
    this.#held = undefined;
    this.#nudgeAll();
  }

  apps(): readonly App[] {
    return [...this.#apps.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string): App | undefined {
    return this.#apps.get(name);
  }

  /** @throws DamsonError `APP_NOT_FOUND` (404) */
  app(name: string): App {
    const app = this.find(name);
    if (app) return app;
    throw appNotFound(name, this.apps());
  }

  status(app: App): AppStatus {
    return appStatus(app, this.runtimes, this.#context.now());
  }

  /**
   * Declares that `spec` should run, or be there without running. Durable when it resolves.
   *
   * @throws DamsonError 4xx for what cannot run, `STATE_WRITE_FAILED` when the disk does not take it; then nothing changed
   */
  async apply(spec: AppSpec, desired: Wanted = "running"): Promise<Changed> {
    this.#assertServing();
    const warnings = await this.#admit(spec);
    while (this.#busy.has(spec.app)) await this.#busy.get(spec.app);
    this.#assertServing();
    const existing = this.#apps.get(spec.app);
    const changed = existing
      ? { app: existing, changed: await existing.change((now) => applySpec(now, spec, this.#context.now(), desired)) }
      : await this.#create(spec, desired);
    if (changed.changed) {
      this.events.publish({ type: "app.applied", app: spec.app, message: `version ${spec.version}` });
    }
    return { ...changed, warnings };
  }

  async start(name: string): Promise<Changed> {
    return this.#declare(name, "app.started", started);
  }

  async stop(name: string): Promise<Changed> {
    return this.#declare(name, "app.stopped", stopped);
  }

  async restart(name: string): Promise<Changed> {
    return this.#declare(name, "app.restarted", restarted);
  }

  async delete(name: string): Promise<Changed> {
    return this.#declare(name, "app.deleted", deleted);
  }

  async rollback(name: string, revision?: number): Promise<Changed> {
    const { value } = this.app(name).document;
    if (value.desired === "deleted") throw beingDeleted(name);
    return this.apply(rollbackSpec(value, revision));
  }

  /** Calls `listener` after every visible change of an app; returns how to end that. */
  onChange(listener: (app: App) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  /** Calls `listener` when a runtime comes or goes, or says something new of itself; returns how to end that. */
  onRuntimesChange(listener: () => void): () => void {
    this.#runtimeListeners.add(listener);
    return () => this.#runtimeListeners.delete(listener);
  }

  /**
   * Removes units of this agent that belong to no instance it knows: now, and later with each runtime that comes, or
   * becomes usable, after this. Only once every instance has been recovered, and not while a document is damaged: its units
   * would look like orphans.
   *
   * @returns when it is done with the runtimes that are usable now
   */
  async sweepOrphans(): Promise<void> {
    this.#sweeping = true;
    // What has not said yet that it is usable does so soon.
    const usable = this.runtimes.all().filter(({ health, name }) => !health || this.checks.of(name)?.usable);
    await this.#orphans.sweep(usable);
  }

  /** Whether it is known of every instance what an earlier agent left of it. */
  get recovered(): boolean {
    return [...this.#apps.values()].every((app) => app.recovered);
  }

  /** Ends all supervision; units go on. A call of a runtime that takes long is not waited for: the next agent finds out. */
  async detach(): Promise<void> {
    this.#detached = true;
    this.checks.endAll();
    const detached = Promise.all([...this.#apps.values()].map((app) => app.detach()));
    await Promise.race([detached, delay(DETACH_MS, undefined, { ref: false })]);
  }

  /**
   * Stops all units without a change of what is declared. Only after `detach`.
   *
   * @returns a line for each that could not be stopped
   */
  async stopDetached(): Promise<string[]> {
    return (await Promise.all([...this.#apps.values()].map((app) => app.stopDetached()))).flat();
  }

  async #declare(name: string, type: string, change: (document: AppDocument) => AppDocument): Promise<Changed> {
    while (this.#busy.has(name)) await this.#busy.get(name);
    this.#assertServing();
    const app = this.app(name);
    const changed = await app.change((document) => {
      if (document.desired === "deleted" && change !== deleted) throw beingDeleted(name);
      return change(document);
    });
    if (changed) this.events.publish({ type, app: name });
    return { app, changed };
  }

  async #create(spec: AppSpec, desired: Wanted): Promise<Changed> {
    const now = this.#context.now();
    const planned = planAll(newDocument(spec, now, desired), {
      now,
      view: () => ({ healthy: false }),
      runtimeFor: (type) => startableWith(this.#context, type),
    });
    const app = await this.#exclusively(spec.app, async () =>
      this.#newApp(await this.#documents.create(spec.app, planned)),
    );
    if (!this.#detached) app.begin();
    return { app, changed: true };
  }

  #newApp(document: Document<AppDocument>): App {
    const app = new App(document, this.#context, (changed) => this.#appChanged(changed));
    this.#apps.set(document.name, app);
    return app;
  }

  #appChanged(app: App): void {
    for (const listener of this.#changeListeners) listener(app);
    this.#forgetIfGone(app, 1);
  }

  #forgetIfGone(app: App, attempt: number): void {
    const { value, durable } = app.document;
    // What is still on its way to the disk may be an apply that keeps the app.
    const gone = value === durable && durable.desired === "deleted" && durable.instances.length === 0;
    if (!gone || this.#detached || this.#busy.has(app.name) || this.find(app.name) !== app) return;
    void this.#forget(app, attempt);
  }

  async #forget(app: App, attempt: number): Promise<void> {
    try {
      await this.#exclusively(app.name, async () => {
        await this.#documents.remove(app.name);
        this.#apps.delete(app.name);
      });
    } catch (thrown) {
      this.#log.error({ app: app.name }, `its document could not be removed: ${errorText(thrown)}`);
      setTimeout(() => this.#forgetIfGone(app, attempt + 1), retryDelayMs(attempt)).unref();
      return;
    }
    for (const listener of this.#changeListeners) listener(app);
    await app.detach();
  }

  async #exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
    const working = work();
    const settled = working.then(
      () => undefined,
      () => undefined,
    );
    this.#busy.set(name, settled);
    try {
      return await working;
    } finally {
      this.#busy.delete(name);
    }
  }

  #knows(instanceId: string): boolean {
    return [...this.#apps.values()].some((app) => app.supervisor(instanceId) !== undefined);
  }

  /** @returns why it will not run at once, though nothing speaks against it */
  async #admit(spec: AppSpec): Promise<string[]> {
    const earlier = this.#earlierRuntime(spec.app);
    await this.#runtimeFor(spec.pkg.type, earlier);
    const runtime = this.runtimes.check(packageOf(spec, this.identity), earlier);
    let unreached: DamsonError | undefined;
    try {
      await this.runtimes.admit(runtime, instanceOf(spec, `${spec.app}-new`, 1, this.identity));
    } catch (thrown) {
      if (!isRuntimeUnavailable(thrown)) throw thrown;
      unreached = thrown;
    }
    const reason = this.checks.unusable(runtime) ?? unreached?.message;
    if (reason === undefined) return [];
    const remedy = this.checks.of(runtime.name)?.remedy ?? unreached?.remedy;
    const text = `the runtime ${runtime.name} cannot be used: ${reason}. The app is declared, and begins as soon as it can.`;
    return [remedy === undefined ? text : `${text} ${remedy}`];
  }

  #earlierRuntime(app: string): string | undefined {
    const [first] = this.find(app)?.document.value.instances ?? [];
    return first?.runtime ?? first?.intent.runtime;
  }

  /** Resolves when a runtime serves this type of package, or none will: a plugin that hangs holds up only its own types. */
  async #runtimeFor(type: string, earlier: string | undefined): Promise<void> {
    while (!this.#isLoaded && !this.runtimes.select(type, earlier)) {
      await Promise.race([this.#loaded, this.#nextRuntime.promise]);
    }
  }

  #runtimesChanged(): void {
    this.#nudgeAll();
    for (const listener of this.#runtimeListeners) listener();
    if (this.#sweeping) void this.sweepOrphans();
  }

  #nudgeAll(): void {
    for (const app of this.#apps.values()) app.nudge();
  }

  #assertServing(): void {
    if (!this.#detached) return;
    throw new DamsonError("AGENT_STOPPING", "the agent is stopping", { status: 503, retryable: true });
  }
}

function beingDeleted(name: string): DamsonError {
  return new DamsonError("APP_BEING_DELETED", `"${name}" is being deleted`, {
    status: 409,
    remedy: "Apply it again to keep it.",
  });
}
