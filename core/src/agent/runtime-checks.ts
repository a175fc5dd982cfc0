import { setTimeout as delay } from "node:timers/promises";
import { errorText, type Logger, type Runtime, type RuntimeHealth } from "@damson/plugin-sdk";
import type { NewEvent } from "../http/index.ts";
import { retryDelayMs } from "./backoff.ts";

/** How often a runtime is asked again whether it is usable; it also tidies up what it no longer needs then. */
const RECHECK_MS = 3_600_000;

/** A subscription that lasted this long ends a series of failed ones. */
const SETTLED_MS = 60_000;

/** Whom {@link RuntimeChecks} tells. */
export interface RuntimeListeners {
  readonly log: Logger;
  publish(event: NewEvent): void;
  /** What is known of the runtime has changed. */
  changed(runtime: Runtime): void;
}

interface Watched {
  readonly runtime: Runtime;
  readonly ended: AbortController;
  readonly hourly: NodeJS.Timeout;
  retry?: NodeJS.Timeout;
  health: RuntimeHealth | undefined;
  wasUsable: boolean;
  /** How often it has told of its health: the answer of a check that took longer than that is out of date. */
  told: number;
}

/** What the loaded runtimes say of themselves: when they are asked, and by themselves where they can. */
export class RuntimeChecks {
  readonly #watched = new Map<string, Watched>();
  readonly #listeners: RuntimeListeners;

  constructor(listeners: RuntimeListeners) {
    this.#listeners = listeners;
  }

  /** Asks now and from time to time, and listens for as long as the runtime is loaded. */
  begin(runtime: Runtime): void {
    const hourly = setInterval(() => void this.#check(watched), RECHECK_MS).unref();
    const ended = new AbortController();
    const watched: Watched = { runtime, ended, hourly, health: undefined, wasUsable: false, told: 0 };
    this.#watched.set(runtime.name, watched);
    void this.#check(watched);
    void this.#follow(watched);
  }

  end(name: string): void {
    const watched = this.#watched.get(name);
    this.#watched.delete(name);
    watched?.ended.abort();
    clearInterval(watched?.hourly);
    clearTimeout(watched?.retry);
  }

  endAll(): void {
    for (const name of [...this.#watched.keys()]) this.end(name);
  }

  /** What it last said; `undefined` before its first answer. */
  of(name: string): RuntimeHealth | undefined {
    return this.#watched.get(name)?.health;
  }

  /**
   * Why nothing can be done with it now; `undefined` while it is usable, or nothing is known. Only what tells of its return
   * can be waited for: the answer of any other may be an hour old, and keeps nothing from being tried.
   */
  unusable(runtime: Runtime): string | undefined {
    const health = this.of(runtime.name);
    if (!runtime.health || health?.usable !== false) return undefined;
    return health.reason ?? "it is not usable, and does not say why";
  }

  /** A check that gives no answer is made again soon. */
  async #check(watched: Watched, attempt = 1): Promise<void> {
    const { runtime, told } = watched;
    const isOver = (): boolean => watched.ended.signal.aborted || watched.told !== told;
    let health: RuntimeHealth;
    try {
      health = await runtime.check();
    } catch (thrown) {
      health = { usable: false, reason: errorText(thrown) };
      clearTimeout(watched.retry);
      const again = (): unknown => this.#check(watched, attempt + 1);
      if (!isOver()) watched.retry = setTimeout(again, retryDelayMs(attempt)).unref();
    }
    if (!isOver()) this.#note(watched, health);
  }

  async #follow(watched: Watched): Promise<void> {
    const { runtime, ended } = watched;
    const { signal } = ended;
    for (let failures = 0; runtime.health && !signal.aborted; ) {
      const begun = performance.now();
      let reason = "it has stopped telling of its health";
      try {
        for await (const health of runtime.health(signal)) {
          if (signal.aborted) return;
          watched.told += 1;
          this.#note(watched, health);
        }
      } catch (thrown) {
        reason = errorText(thrown);
      }
      if (signal.aborted) return;
      failures = performance.now() - begun > SETTLED_MS ? 1 : failures + 1;
      if (failures === 1) this.#listeners.log.warn({ runtime: runtime.name }, `${runtime.name}: ${reason}`);
      await delay(retryDelayMs(failures), undefined, { signal, ref: false }).catch(() => undefined);
      // What it would have told meanwhile.
      void this.#check(watched);
    }
  }

  #note(watched: Watched, health: RuntimeHealth): void {
    const before = watched.health;
    watched.health = health;
    if (before?.usable === health.usable && before.reason === health.reason) return;
    this.#tell(watched, before, health);
    watched.wasUsable ||= health.usable;
    this.#listeners.changed(watched.runtime);
  }

  #tell({ runtime, wasUsable }: Watched, before: RuntimeHealth | undefined, health: RuntimeHealth): void {
    const { log, publish } = this.#listeners;
    const { name } = runtime;
    const { reason, ...facts } = health;
    const about = { ...facts, runtime: name };
    const message = reason ?? (health.usable ? "it is usable" : "it is not usable");
    const moved = before !== undefined && before.usable !== health.usable;
    // What nobody has installed is no trouble, and what is not usable need not say so in ever new words.
    if (moved && !health.usable) log.warn(about, `${name}: cannot be used any more: ${message}`);
    else if (moved) log.info(about, `${name}: can be used ${wasUsable ? "again" : "now"}`);
    else if (reason !== undefined && (health.usable || before === undefined)) log.info(about, `${name}: ${reason}`);
    if (moved) publish({ type: health.usable ? "runtime.available" : "runtime.unavailable", runtime: name, message });
  }
}
