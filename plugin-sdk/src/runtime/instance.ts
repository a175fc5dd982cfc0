import type { JsonObject } from "../json.ts";

/** What to run: `type` picks the runtime, the rest is described by that runtime's schema for the type. */
export interface Package extends JsonObject {
  readonly type: string;
}

/**
 * One run of one instance, as the agent asks a runtime for it.
 *
 * The same object (equal in every field) is handed to `admit`, `prepare`, `start` and `recover` of one run. The next
 * run of the same instance has the next `run` number and may have another `pkg` or `version`.
 */
export interface Instance<P extends Package = Package> {
  /** Id of the agent that owns the unit. Two agents on one machine or engine have different ones. */
  readonly owner: string;
  /** The machine, as the controller sees it. */
  readonly nodeId: string;
  readonly app: string;
  readonly version: string;
  /** Stable over runs; unique per owner; matches `^[a-z0-9][a-z0-9._-]{0,79}$`, so it is safe in paths and unit names. */
  readonly instanceId: string;
  /** Counts the starts of this instance, from 1. Together with `instanceId` it names the unit. */
  readonly run: number;
  /** Already checked against the runtime's schema for its type. */
  readonly pkg: P;
  /** The injected names (`DAMSON_APP` …); they win over `pkg.environment`. */
  readonly environment: Readonly<Record<string, string>>;
}
