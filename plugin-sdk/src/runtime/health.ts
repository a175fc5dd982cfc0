/** Whether a runtime is usable on this machine. */
export interface RuntimeHealth {
  readonly usable: boolean;
  /** Version of what it stands on, e.g. of the Docker Engine. */
  readonly version?: string;
  /** Why it is not usable, or what works only in part. */
  readonly reason?: string;
  /** What the user can do about it, as a full sentence. */
  readonly remedy?: string;
}
