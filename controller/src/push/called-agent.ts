import type { JsonObject } from "@damson/plugin-sdk";
import type { NodeRuntime } from "../model/node.ts";
import type { Report } from "../statuses/statuses.ts";

/** An instance as an agent shows it. */
export interface SeenInstance {
  readonly instanceId: string;
  /** Of the store that assigned it, if the agent tells. */
  readonly controllerId?: string | undefined;
  /** Version of the deployment that it is declared with, if the agent tells. */
  readonly specVersion?: number | undefined;
  /** Version of its app. */
  readonly version: string;
  readonly desired: "running" | "stopped" | "deleted";
  readonly report: Report;
}

/** An agent that is called. Every call has a deadline, and throws what the agent refuses with. */
export interface CalledAgent {
  /** What it can run. */
  runtimes(signal: AbortSignal): Promise<NodeRuntime[]>;
  /** Every app of it that is an instance of some deployment. */
  instances(signal: AbortSignal): Promise<SeenInstance[]>;
  /** Declares an instance, and runs it. */
  apply(document: JsonObject, signal: AbortSignal): Promise<void>;
  /** Ends an instance; it stays declared where the agent can do that. */
  stop(instanceId: string, signal: AbortSignal): Promise<void>;
  /** Ends an instance and forgets it. Resolves when that is done, or after a while. */
  remove(instanceId: string, signal: AbortSignal): Promise<void>;
}
