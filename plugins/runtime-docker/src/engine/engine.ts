import { access } from "node:fs/promises";
import { addAbortSignal, type Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { errorText, isDamsonError, type Logger, type RuntimeHealth, runtimeUnavailable } from "@damson/plugin-sdk";
import type Docker from "dockerode";
import { addressText, type EngineAddress } from "./address.ts";
import { EngineEvents } from "./events.ts";
import { noise, tooSlow, unreachable } from "./unreachable.ts";

/** Milliseconds for an answer that needs no work: less than the agent gives to any call of a runtime. */
const ANSWER_MS = 8_000;
const RETRY = { firstMs: 100, mostMs: 2_000 } as const;
/** A connection that lasted this long ends a series of failed ones. */
const SETTLED_MS = 5_000;

/** What is known of an engine that answers. */
export interface EngineFacts {
  readonly kind: "docker" | "podman";
  readonly version: string;
  readonly cpus: number;
  /** Limits that its kernel cannot set, e.g. `memory_limit`. */
  readonly cannotLimit: readonly string[];
}

/** What a plugin's owner wants to know of. */
export interface EngineOptions {
  readonly address: EngineAddress;
  /** Only events of containers with this label are heard, e.g. `damson.owner=a1`. */
  readonly label: string;
  readonly log: Logger;
  /** Milliseconds for an answer that needs no work. @default 8000 */
  readonly answerMs?: number;
}

/**
 * The connection to one engine. It keeps one stream of events open, by whose life it knows whether the engine is there;
 * when the stream ends, it comes back by itself with back-off.
 */
export class Engine {
  readonly address: EngineAddress;
  readonly events: EngineEvents;
  readonly #log: Logger;
  readonly #answerMs: number;
  readonly #closed = new AbortController();
  readonly #listeners = new Set<() => void>();
  #docker: Promise<Docker> | undefined;
  #facts: EngineFacts | undefined;
  #health: RuntimeHealth = { usable: false, reason: "the container engine has not been asked yet" };
  /** Ends the wait before the next attempt to connect. */
  #hurry: () => void = () => {};
  #attempt: PromiseWithResolvers<void> = Promise.withResolvers();
  /** Ends the stream of events of an engine that does not answer, so that it is asked anew whether it is there. */
  #doubt = new AbortController();

  constructor({ address, label, log, answerMs = ANSWER_MS }: EngineOptions) {
    this.address = address;
    this.events = new EngineEvents(label);
    this.#log = log;
    this.#answerMs = answerMs;
  }

  /** Begins to connect. */
  open(): void {
    void this.#connect();
  }

  close(): void {
    this.#closed.abort();
    this.#hurry();
    this.#tell();
  }

  /** Whether it was closed: nobody will tell that it has come back. */
  get closed(): boolean {
    return this.#closed.signal.aborted;
  }

  get health(): RuntimeHealth {
    return this.#health;
  }

  /** Of the engine as it was last seen; `undefined` before the first time. */
  get facts(): EngineFacts | undefined {
    return this.#facts;
  }

  /**
   * The facts, once it has been seen.
   *
   * @throws DamsonError `RUNTIME_UNAVAILABLE` while it cannot be reached, and never was
   */
  async known(): Promise<EngineFacts> {
    const { reason = "the container engine is not known", remedy } = this.#facts ? this.#health : await this.check();
    if (this.#facts) return this.#facts;
    throw runtimeUnavailable(reason, remedy === undefined ? {} : { remedy });
  }

  /** Tries to connect now if it is not connected, and says how that went. */
  async check(): Promise<RuntimeHealth> {
    if (!this.#health.usable && !this.#closed.signal.aborted) {
      const attempt = this.#attempt.promise;
      this.#hurry();
      await attempt;
    }
    return this.#health;
  }

  /** Calls `listener` whenever the health changes; returns how to end that. */
  onHealth(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For whoever found it unreachable: resolves when it is there (after a moment, as it may not be noticed yet), is closed, or `signal` aborts. */
  async untilUsable(signal: AbortSignal): Promise<void> {
    await delay(RETRY.firstMs, undefined, { signal, ref: false }).catch(() => undefined);
    while (!this.#health.usable && !signal.aborted && !this.closed) {
      await new Promise<void>((resolve) => {
        const end = (): void => {
          unlisten();
          signal.removeEventListener("abort", end);
          resolve();
        };
        const unlisten = this.onHealth(end);
        signal.addEventListener("abort", end);
      });
    }
  }

  /**
   * One call of the engine's API.
   *
   * @param ms deadline; none for `Infinity`
   * @throws what dockerode throws when the engine says no, and `RUNTIME_UNAVAILABLE` when it cannot be reached
   */
  async call<T>(
    what: string,
    call: (docker: Docker, abortSignal: AbortSignal) => Promise<T>,
    { ms = this.#answerMs, signal }: { ms?: number; signal?: AbortSignal } = {},
  ): Promise<T> {
    // Only until it has answered: the client has no ear for what an abort does to an answer that has come.
    const leaving = new AbortController();
    const leave = (): void => leaving.abort(signal?.reason);
    signal?.addEventListener("abort", leave);
    if (signal?.aborted) leave();
    const late = Promise.withResolvers<never>();
    // It may be late before anybody waits for that: while the client is being loaded.
    late.promise.catch(() => undefined);
    const timer = Number.isFinite(ms)
      ? setTimeout(() => {
          const error = tooSlow(this.address, what, ms);
          late.reject(error);
          leaving.abort();
          this.#doubt.abort(error);
        }, ms)
      : undefined;
    try {
      this.#docker ??= this.#load();
      const docker = await this.#docker;
      // The client forgets to answer when the engine breaks off in the middle of its own answer.
      const answer = await Promise.race([call(docker, leaving.signal), late.promise]);
      // What the client cannot read as JSON it hands on as it is; an answer without a body is empty.
      if (Buffer.isBuffer(answer) && answer.length > 0) throw noise(this.address);
      return answer;
    } catch (error) {
      signal?.throwIfAborted();
      throw this.explain(error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", leave);
    }
  }

  /**
   * A call whose answer is a stream of bytes, which the client itself would gather first. The stream ends when `signal`
   * aborts.
   *
   * @param ms deadline for its beginning
   */
  async stream(
    path: string,
    options: object,
    signal: AbortSignal,
    ms = Number.POSITIVE_INFINITY,
  ): Promise<AsyncIterable<Uint8Array>> {
    const begun = this.call(
      "for a stream",
      (docker, abortSignal) => get(docker, path, { isStream: true, options, abortSignal }),
      {
        ms,
        signal,
      },
    );
    return until(signal, (await begun) as Readable);
  }

  /** An error of the connection in plain words; any other error as it is. */
  explain(error: unknown): unknown {
    return unreachable(error, this.address) ?? error;
  }

  async #load(): Promise<Docker> {
    // Large, and not needed on a machine without an engine.
    const { default: Client } = await import("dockerode");
    if ("socketPath" in this.address) return new Client({ socketPath: this.address.socketPath });
    const { host, port, tls } = this.address;
    return new Client({ host, port, protocol: tls ? "https" : "http", ...tls });
  }

  async #connect(): Promise<void> {
    const gone = runtimeUnavailable(`the container engine at ${addressText(this.address)} has gone away`);
    for (let failures = 0; !this.#closed.signal.aborted; failures += 1) {
      const begun = performance.now();
      const error: unknown = await this.#live().then(
        () => gone,
        (thrown: unknown) => thrown,
      );
      if (performance.now() - begun > SETTLED_MS) failures = 0;
      const { signal } = this.#doubt;
      this.#lost(signal.aborted ? signal.reason : error);
      const ms = Math.min(RETRY.firstMs * 2 ** failures, RETRY.mostMs) * (0.8 + 0.4 * Math.random());
      const waited = new AbortController();
      this.#hurry = () => waited.abort();
      await delay(ms, undefined, { signal: waited.signal, ref: false }).catch(() => undefined);
    }
    // There will be no other attempt.
    this.#attempt.resolve();
  }

  /** Connects, and resolves when the connection ends. */
  async #live(): Promise<void> {
    this.#doubt = new AbortController();
    // Spares a machine without an engine the loading of its client.
    if ("socketPath" in this.address) await access(this.address.socketPath);
    const facts = await this.#ask();
    const signal = AbortSignal.any([this.#closed.signal, this.#doubt.signal]);
    const stream = await this.stream("/events?", this.events.query(), signal, this.#answerMs);
    this.#facts = facts;
    const cannot = facts.cannotLimit.length > 0 && { reason: `its kernel cannot set ${facts.cannotLimit.join(", ")}` };
    this.#become({ usable: true, version: `${facts.kind} ${facts.version}`, ...cannot });
    this.#log.info({ version: facts.version, address: addressText(this.address) }, `connected to ${facts.kind}`);
    await this.events.read(stream);
  }

  async #ask(): Promise<EngineFacts> {
    // The client's own methods for these cannot be aborted.
    const ask = async (what: string, path: string): Promise<Partial<Record<string, unknown>>> => {
      const answer = await this.call(what, (docker, abortSignal) =>
        get(docker, path, { isStream: false, abortSignal }),
      );
      return typeof answer === "object" && answer !== null ? { ...answer } : {};
    };
    const version = await ask("for its version", "/version");
    const info = await ask("for its facts", "/info");
    if (typeof version.Version !== "string" || typeof info.NCPU !== "number") {
      throw runtimeUnavailable(`what answers at ${addressText(this.address)} is no container engine`, {
        remedy: "Say where its socket is: socket_path in plugins.yaml, or DOCKER_HOST.",
      });
    }
    this.events.beginAt(String(info.SystemTime));
    const isPodman = JSON.stringify(version.Components ?? []).includes("Podman");
    const limits = { cpu_limit: info.CpuCfsQuota, memory_limit: info.MemoryLimit, cpu_set: info.CPUSet };
    return {
      kind: isPodman ? "podman" : "docker",
      version: version.Version,
      cpus: info.NCPU,
      cannotLimit: Object.entries(limits).flatMap(([name, can]) => (can === false ? [name] : [])),
    };
  }

  #lost(error: unknown): void {
    const known = this.explain(error);
    const remedy = isDamsonError(known) ? known.remedy : undefined;
    this.#become({
      usable: false,
      reason: errorText(known),
      ...(remedy === undefined ? {} : { remedy }),
    });
  }

  #become(health: RuntimeHealth): void {
    const before = this.#health;
    this.#health = health;
    const attempt = this.#attempt;
    this.#attempt = Promise.withResolvers();
    attempt.resolve();
    if (before.usable !== health.usable || before.reason !== health.reason) this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** A stream of an engine, ended when `signal` aborts. Whoever reads it hears of that; when nobody does, no harm is done. */
export function until<S extends Readable>(signal: AbortSignal, stream: S): S {
  stream.on("error", () => undefined);
  return addAbortSignal(signal, stream);
}

function get(
  docker: Docker,
  path: string,
  request: { isStream: boolean; options?: object; abortSignal: AbortSignal },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    docker.modem.dial({ path, method: "GET", statusCodes: { 200: true }, options: {}, ...request }, (error, answer) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });
}
