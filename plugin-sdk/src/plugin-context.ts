import type { FastifyPluginAsync } from "fastify";
import type { Registry } from "prom-client";
import type { Json, JsonObject } from "./json.ts";
import type { Logger } from "./logger.ts";
import type { Runtime } from "./runtime/runtime.ts";
import type { Scheduler } from "./scheduler/scheduler.ts";
import type { ServiceRef } from "./service-ref.ts";
import type { Store } from "./store/store.ts";

/** What a plugin adds to its host. One method a kind; each must be announced in the manifest's `provides`. */
export interface Contribute {
  /** `provides: ["runtime:<name>"]`. Only on an agent. */
  runtime(runtime: Runtime): void;
  /** `provides: ["scheduler:<name>"]`. Only on a controller. */
  scheduler(scheduler: Scheduler): void;
  /** `provides: ["store:<name>"]`. Only on a controller, which uses one store. @default the embedded one */
  store(store: Store): void;
  /** A typed object that other plugins may look up by the same ref; `provides: ["<kind>:<name>"]` of the ref. */
  service<T>(ref: ServiceRef<T>, service: T): void;
}

/** Looks up what other plugins contribute. */
export interface Services {
  /**
   * What a plugin named in `requires` provides.
   *
   * @throws DamsonError `PLUGIN_SERVICE_UNDECLARED` when the manifest does not name it in `requires` or `optional`.
   */
  get<T>(ref: ServiceRef<T>): T;
  /** The same for `optional`: `undefined` when nothing provides it. */
  find<T>(ref: ServiceRef<T>): T | undefined;
}

/** An event as the host publishes it on `/v1/events`. */
export interface HostEvent extends JsonObject {
  /** Dotted, past tense, e.g. `instance.exited`. */
  readonly type: string;
}

/** Publishes and hears the host's events. */
export interface Events {
  /** The host adds the time, an id, and the plugin's id. */
  publish(event: HostEvent): void;
  /** Until the plugin stops. A listener that throws is logged as this plugin's fault, and heard again. */
  subscribe(listener: (event: HostEvent) => void): void;
}

/** A plugin's own durable documents, one JSON file each. */
export interface Storage {
  /** Opens the document, `initial` when there is none. Names match `^[a-z0-9][a-z0-9._-]{0,62}$`. */
  document<T extends Json>(name: string, initial: T): Promise<StoredDocument<T>>;
}

/** One durable document. */
export interface StoredDocument<T> {
  /** As last written. Never change it in place. */
  readonly value: T;
  /** Resolves when the new value is on disk. Updates are applied in the order of the calls. */
  update(change: (value: T) => T): Promise<void>;
}

/** What the host offers to a plugin's `setup`. All of it ends with the plugin's life. */
export interface PluginContext {
  /** The plugin's id in plugins.yaml; its name unless `id` is given there. */
  readonly id: string;
  readonly host: HostFacts;
  /**
   * The host's environment, with what its `.env` adds: where a plugin knows a variable by its own name, as Docker's clients
   * know `DOCKER_HOST`. It may hold secrets; hand none of it to apps. A variable wins over `config`.
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Tagged with the plugin's id. */
  readonly log: Logger;
  /** Aborts when the plugin is stopped. */
  readonly signal: AbortSignal;
  /** The plugin's own directory for what is not a document. It exists, and only the host's user can read it. */
  readonly directory: string;
  readonly contribute: Contribute;
  /** Registers routes under `/v1/plugins/<id>/`, encapsulated, with the host's own checks of token, Host and Origin. */
  http(routes: FastifyPluginAsync): void;
  /** What is registered here shows in the host's `/metrics`. Prefix names with `damson_<plugin>_`. */
  readonly metrics: Registry;
  readonly events: Events;
  readonly storage: Storage;
  readonly services: Services;
  /** Runs when the plugin stops, last registered first, each with a deadline of 10 s. */
  onStop(stop: () => void | Promise<void>): void;
}

/** Facts about the host that a plugin may need. */
export interface HostFacts {
  readonly kind: "agent" | "controller";
  /** Damson's version. */
  readonly version: string;
  /** Id that the host puts on everything it creates. */
  readonly owner: string;
  readonly nodeId: string;
}
