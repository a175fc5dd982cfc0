/** What a unit uses, over its whole process tree. */
export interface ResourceUsage {
  /** When it was read, ISO 8601. */
  readonly at: string;
  /** Seconds of processor time since the run began. Never falls within a run. */
  readonly cpu_seconds: number;
  /** Bytes in memory now. */
  readonly memory_bytes: number;
  /** The limit in bytes; absent when there is none. */
  readonly memory_limit_bytes?: number;
  /** Number of processes. */
  readonly processes: number;
}
