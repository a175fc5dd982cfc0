import type { ExitStatus } from "./exit-status.ts";

/**
 * What a runtime tells of a running unit.
 *
 * - `exited` is the last event of a run; it comes also when the run had ended before the watch began.
 * - `health` is a judgement that the unit's own system made (Docker's HEALTHCHECK, a pod's readiness). A runtime whose
 *   units have none never sends it.
 */
export type InstanceEvent =
  | { readonly type: "exited"; readonly status: ExitStatus }
  | { readonly type: "health"; readonly healthy: boolean; readonly message: string };
