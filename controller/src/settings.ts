/** What an operator may set of a controller's behaviour. */
export interface ControllerSettings {
  /** Without a message from its agent for this long, a node is Unknown, and Unhealthy after as long again. */
  readonly heartbeatTtlMs: number;
  readonly failover: {
    /** Whether instances of Unhealthy nodes are placed anew. */
    readonly enabled: boolean;
    /**
     * When more than this share of all nodes is lost at once, nothing moves: it is more likely the controller's network.
     * 1 means: always move.
     */
    readonly maxLostShare: number;
  };
  readonly failback: {
    /** Whether instances go back by themselves to the node that they were moved away from. */
    readonly enabled: boolean;
    /** How long that node must have been healthy before. */
    readonly stableMs: number;
    /** Most instances that go back in a minute. */
    readonly maxPerMinute: number;
  };
  /** Most bytes of an uploaded archive. */
  readonly maxUploadBytes: number;
  /** Origins whose pages may call the API; `*` for all. */
  readonly corsOrigins: readonly string[];
}

/** What holds where an operator sets nothing. */
export const DEFAULT_SETTINGS: ControllerSettings = {
  heartbeatTtlMs: 15_000,
  failover: { enabled: true, maxLostShare: 0.5 },
  failback: { enabled: false, stableMs: 300_000, maxPerMinute: 10 },
  maxUploadBytes: 1_073_741_824,
  corsOrigins: [],
};
