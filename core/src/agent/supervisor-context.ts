import type { Runtime } from "@damson/plugin-sdk";
import type { NewEvent } from "../http/index.ts";
import type { HealthJudge } from "./health.ts";
import type { AgentIdentity } from "./instance-request.ts";
import type { RuntimeLimits } from "./runtime-limits.ts";
import type { Runtimes } from "./runtimes.ts";

/** What the agent offers to every supervisor. */
export interface SupervisorContext {
  readonly identity: AgentIdentity;
  readonly judge: HealthJudge;
  /** Bounds how many starts, or recoveries, are under way at once. */
  readonly limits: RuntimeLimits;
  readonly runtimes: Runtimes;
  /** Why nothing can be done with a runtime now; `undefined` when that is not known. */
  unusable(runtime: Runtime): string | undefined;
  /** Whether plugins are still being loaded: a runtime that is not there may be on its way. */
  isLoading(): boolean;
  /** Why assigned apps are not started now. */
  held(): string | undefined;
  publish(event: NewEvent): void;
  now(): Date;
}
