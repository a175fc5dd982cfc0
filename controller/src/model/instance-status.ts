/** What an agent said of an instance. */
export interface InstanceReport {
  /** Plum's words. */
  readonly phase: "Running" | "Stopped" | "Exited" | "Failed" | "Pending";
  readonly healthy: boolean;
  readonly exitCode?: number;
  /** The agent's own phase, e.g. `backoff`. */
  readonly detail?: string;
  readonly reason?: string;
  readonly restarts?: number;
  readonly crashLooping?: boolean;
  /** The version of the deployment that the instance runs. */
  readonly specVersion?: number;
  /** Unix seconds by the agent's clock: for people, nothing is decided by it. */
  readonly tsUnix: number;
  /** Unix seconds by the controller's clock. */
  readonly receivedAt: number;
}

/** How many reports of an instance are kept beside the latest. */
export const KEPT_REPORTS = 20;

/** The latest report of an instance, and those before it. */
export interface InstanceStatusRecord {
  readonly instanceId: string;
  readonly nodeId: string;
  /** Number of the agent's report; older ones that come late are dropped. */
  readonly seq: number;
  readonly latest: InstanceReport;
  /** Newest first, at most {@link KEPT_REPORTS}. */
  readonly history: readonly InstanceReport[];
}
