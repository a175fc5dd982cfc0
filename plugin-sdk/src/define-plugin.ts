import type { Static, TSchema } from "typebox";
import type { PluginContext } from "./plugin-context.ts";

/**
 * Number of the structural contract between host and plugin. It rises when a plugin built for the number before would
 * no longer work; the host says which numbers it serves.
 */
export const CONTRACT = 1;

const TAG = Symbol.for("damson.plugin");

/** What a plugin's module exports as its default. */
export interface PluginDefinition<C extends TSchema = TSchema> {
  /** Lower-case words joined by `-`, e.g. `runtime-docker`. */
  readonly name: string;
  /**
   * Schema of the plugin's `config` in plugins.yaml, with defaults. The manifest's `configSchema` file is generated from
   * it. @default no config is accepted
   */
  readonly config?: C;
  /**
   * Called once a life, with the checked config. Must resolve within 10 s; slow things belong behind `contribute`.
   * A throw or rejection makes this plugin `failed` and leaves the others alone.
   */
  setup(ctx: PluginContext, config: Static<C>): void | Promise<void>;
}

/** A definition that a host recognises, also when it comes from another copy of this package. */
export interface Plugin<C extends TSchema = TSchema> extends PluginDefinition<C> {
  readonly [TAG]: number;
}

/**
 * Marks a definition as a plugin built for this contract.
 *
 * @example export default definePlugin({ name: "greeter", setup(ctx) { ctx.log.info("hello"); } });
 */
export function definePlugin<C extends TSchema>(definition: PluginDefinition<C>): Plugin<C> {
  return { ...definition, [TAG]: CONTRACT };
}

/** The contract number that `value` was built for, or `undefined` when it is no plugin. */
export function pluginContract(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null || !(TAG in value)) return undefined;
  return typeof value[TAG] === "number" ? value[TAG] : undefined;
}
