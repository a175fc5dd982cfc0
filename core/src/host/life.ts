import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type DamsonError, errorText, isDamsonError, type Plugin, type Runtime } from "@damson/plugin-sdk";
import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import type { Logger } from "pino";
import { asPlugin } from "./attribution.ts";
import { createContext } from "./context.ts";
import { withDeadline } from "./deadline.ts";
import { pluginError } from "./errors.ts";
import { serveRoutes } from "./plugin-http.ts";
import { PluginRegistry } from "./plugin-registry.ts";
import type { PluginRecord } from "./record.ts";
import { PluginStorage } from "./storage.ts";
import type { Surroundings } from "./surroundings.ts";

/** One life of a plugin, from the call of its `setup` to the end of its stopping. */
export class PluginLife {
  readonly record: PluginRecord;
  readonly surroundings: Surroundings;
  readonly log: Logger;
  readonly storage: PluginStorage;
  readonly metrics: PluginRegistry;
  /** What it contributes, by `kind:name`. */
  readonly contributions = new Map<string, unknown>();
  readonly runtimes: Runtime[] = [];
  readonly routes: FastifyPluginAsync[] = [];
  readonly stops: (() => void | Promise<void>)[] = [];
  /** Set once the plugin may add nothing more. */
  closed = false;
  /** A contribution that the manifest does not announce; the plugin fails even when it catches the error. */
  mismatch: DamsonError | undefined;
  /** Serves its routes once it is ready. */
  http: FastifyInstance | undefined;
  readonly #abort = new AbortController();

  constructor(record: PluginRecord, surroundings: Surroundings) {
    this.record = record;
    this.surroundings = surroundings;
    this.log = surroundings.log.child({ plugin: record.id });
    this.metrics = new PluginRegistry(record.id);
    this.storage = new PluginStorage(join(surroundings.directory, record.id, "documents"), this.log);
  }

  get id(): string {
    return this.record.id;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get directory(): string {
    return join(this.surroundings.directory, this.id, "files");
  }

  /**
   * Calls `setup` and checks that it contributed what the manifest announces. When that fails, all that it did begin is
   * stopped before this rejects.
   *
   * @throws DamsonError `PLUGIN_SETUP_FAILED`, `PLUGIN_SETUP_TIMEOUT` or `PLUGIN_PROVIDES_MISMATCH`.
   */
  async begin(plugin: Plugin, lookUp: (reference: string) => unknown): Promise<void> {
    const { setupMs } = this.surroundings.deadlines;
    const late = () => this.#error("PLUGIN_SETUP_TIMEOUT", `setup has not finished within ${setupMs / 1_000} s`);
    try {
      // Passable, not readable: an app that runs as another user has to reach what a plugin made for it.
      await mkdir(dirname(this.directory), { recursive: true, mode: 0o711 });
      await mkdir(this.directory, { recursive: true, mode: 0o700 });
      const ctx = createContext(this, lookUp);
      const setup = asPlugin(this.id, async () => plugin.setup(ctx, this.record.config));
      await withDeadline(setup, setupMs, late);
      this.closed = true;
      this.#checkContributions();
      this.http = await withDeadline(serveRoutes(this), setupMs, late);
    } catch (error) {
      this.closed = true;
      await this.end();
      throw this.mismatch ?? this.#setupError(error);
    }
  }

  /** Aborts the signal, runs what was given to `onStop`, last first, and closes all that the host opened. Never rejects. */
  async end(): Promise<void> {
    this.#abort.abort();
    for (const stop of this.stops.reverse()) await this.#attempt("onStop", async () => stop());
    const { http } = this;
    if (http) await this.#attempt("closing its routes", async () => http.close());
    await this.#attempt("closing its documents", () => this.storage.close());
  }

  #checkContributions(): void {
    if (this.mismatch) throw this.mismatch;
    // A controller has no use for runtimes, nor an agent for stores: a plugin for both sides need not make them there.
    const useless = this.surroundings.facts.kind === "agent" ? /^(scheduler|store):/ : /^runtime:/;
    const due = (this.record.package?.manifest.provides ?? []).filter((reference) => !useless.test(reference));
    const missing = due.filter((reference) => !this.contributions.has(reference));
    if (missing.length === 0) return;
    throw this.#error(
      "PLUGIN_PROVIDES_MISMATCH",
      `its manifest announces ${missing.join(", ")}, but setup did not contribute it`,
    );
  }

  #setupError(error: unknown): DamsonError {
    if (isDamsonError(error) && OWN_CODES.has(error.code)) return error;
    const code = isDamsonError(error) ? `${error.code}: ` : "";
    const remedy = isDamsonError(error) ? error.remedy : undefined;
    const issue = {
      ...this.record.place(),
      message: `setup failed: ${code}${errorText(error)}`,
      ...(remedy && { hint: remedy }),
    };
    return pluginError("PLUGIN_SETUP_FAILED", issue, { cause: error });
  }

  #error(code: "PLUGIN_SETUP_TIMEOUT" | "PLUGIN_PROVIDES_MISMATCH", message: string): DamsonError {
    return pluginError(code, { ...this.record.place(), message });
  }

  async #attempt(what: string, work: () => Promise<unknown>): Promise<void> {
    const { stopMs } = this.surroundings.deadlines;
    try {
      const late = () => new Error(`not finished within ${stopMs / 1_000} s`);
      await withDeadline(asPlugin(this.id, work), stopMs, late);
    } catch (error) {
      this.log.error({ err: error }, `${what} failed while ${this.id} was stopped`);
    }
  }
}

const OWN_CODES = new Set(["PLUGIN_SETUP_TIMEOUT", "PLUGIN_PROVIDES_MISMATCH"]);
