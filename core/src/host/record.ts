import { type DamsonError, type ErrorPlace, errorText, isDamsonError } from "@damson/plugin-sdk";
import { pluginError } from "./errors.ts";
import type { Dependency } from "./graph.ts";
import type { PluginLife } from "./life.ts";
import type { PluginPackage } from "./manifest.ts";
import type { PluginEntry } from "./plugins-file.ts";

/** The steps of loading, in their order. The last two run the plugin's code. */
export const STEPS = ["discover", "manifest", "compatibility", "dependencies", "config", "import", "setup"] as const;
export type Step = (typeof STEPS)[number];

const REACHED = {
  discover: "discovered",
  manifest: "described",
  compatibility: "compatible",
  dependencies: "ordered",
  config: "configured",
  import: "imported",
  setup: "ready",
} as const satisfies Record<Step, string>;

/**
 * How far a plugin has come. `failed`: see its errors. `skipped`: it does not run on this side. `stopped`: it was ready
 * before.
 */
export type PluginState = "named" | (typeof REACHED)[Step] | "failed" | "skipped" | "stopped";

/** What the host knows of one entry of plugins.yaml. */
export class PluginRecord {
  readonly entry: PluginEntry;
  id: string;
  state: PluginState = "named";
  /** Why it failed: every fault that was found, the first one first. */
  errors: DamsonError[] = [];
  /** Why it was skipped. */
  skipped: string | undefined;
  package: PluginPackage | undefined;
  dependencies: readonly Dependency[] = [];
  /** Handed to `setup`. */
  config: unknown = {};
  /** The same without anything secret. */
  shownConfig: unknown = {};
  life: PluginLife | undefined;
  /** Milliseconds that each step took. */
  readonly timings: Partial<Record<Step, number>> = {};

  constructor(entry: PluginEntry) {
    this.entry = entry;
    this.id = entry.id ?? defaultId(entry.use);
  }

  get failed(): boolean {
    return this.state === "failed";
  }

  get running(): boolean {
    return this.state === "ready";
  }

  /** The entry's place in plugins.yaml with the plugin's id as path, for issues. */
  place(): ErrorPlace {
    return { ...this.entry.place(), path: this.id };
  }

  /** Takes the step: its state afterwards tells whether it succeeded. A record that failed takes only what is `anyway`. */
  async take(step: Step, work: () => void | Promise<void>, { anyway = false } = {}): Promise<void> {
    if (this.state === "skipped" || (this.failed && !anyway)) return;
    const begin = performance.now();
    try {
      await work();
      if (!this.failed && this.skipped === undefined) this.state = REACHED[step];
    } catch (error) {
      this.fail(isDamsonError(error) ? error : this.#unforeseen(error));
    } finally {
      this.timings[step] = performance.now() - begin;
    }
  }

  /** Declares it failed; several errors may come together. */
  fail(error: DamsonError): void {
    this.state = "failed";
    this.errors.push(error);
  }

  skip(reason: string): void {
    this.state = "skipped";
    this.skipped = reason;
  }

  /** Goes on with the life of the record that was there before a reload. */
  takeOver(old: PluginRecord): void {
    this.state = old.state;
    this.life = old.life;
    Object.assign(this.timings, old.timings);
  }

  /** Ready to be started again, as after the config step. */
  rearm(): void {
    this.state = REACHED.config;
    this.errors = [];
    this.life = undefined;
  }

  #unforeseen(cause: unknown): DamsonError {
    return pluginError("PLUGIN_LOAD_FAILED", { ...this.place(), message: errorText(cause) }, { cause });
  }
}

/** The id of a plugin that has none in plugins.yaml: the package's name without scope and without `damson-plugin-`. */
export function defaultId(name: string): string {
  const last = name.split("/").findLast((part) => part !== "") ?? name;
  return last.replace(/^damson-plugin-/, "");
}
