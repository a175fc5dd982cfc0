import type { HostEvent, HostFacts, Runtime } from "@damson/plugin-sdk";
import type { Logger } from "pino";
import type { Environment } from "./substitute.ts";

/** The host's events, of which plugins see their own side. */
export interface HostEvents {
  /** `plugin` is the id of the one that publishes. */
  publish(event: HostEvent & { readonly plugin: string }): void;
  /** Returns what ends the subscription. */
  subscribe(listener: (event: HostEvent) => void): () => void;
}

/** Told of every runtime that comes and goes: at start, reload and stop, and when a plugin fails later. */
export interface HostObserver {
  /** The runtime is guarded and ready. A throw refuses it, and makes its plugin `failed` with `PLUGIN_REFUSED`. */
  onRuntimeAdded(runtime: Runtime, pluginId: string): void | Promise<void>;
  /** The runtime's plugin stops as soon as this resolves, after 30 s at the latest. */
  onRuntimeRemoved(name: string, pluginId: string): void | Promise<void>;
}

/** Milliseconds that the host waits for a plugin. */
export interface PluginDeadlines {
  readonly importMs: number;
  readonly setupMs: number;
  /** For each function given to `onStop`. */
  readonly stopMs: number;
  readonly observerMs: number;
}

export const PLUGIN_DEADLINES: PluginDeadlines = {
  importMs: 10_000,
  setupMs: 10_000,
  stopMs: 10_000,
  observerMs: 30_000,
};

/** What the host gives to all of its plugins. */
export interface Surroundings {
  readonly facts: HostFacts;
  /** The host's environment. */
  readonly env: Environment;
  readonly log: Logger;
  readonly events: HostEvents;
  /** Holds `<id>/files` and `<id>/documents` of each plugin. */
  readonly directory: string;
  readonly deadlines: PluginDeadlines;
}
