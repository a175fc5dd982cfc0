/** How patient the suite is, and how much it floods. Only the self-test of the suite has reason to change it much. */
export interface ConformanceOptions {
  /** Milliseconds that any one call, event, line or condition may take. @default 20_000 */
  readonly deadlineMs: number;
  /** Milliseconds for which the suite looks on where nothing may happen. @default 300 */
  readonly quietMs: number;
  /** Milliseconds of grace that a unit gets which ignores the signal. @default 1_000 */
  readonly graceMs: number;
  /** Lines of 100 bytes that a unit prints as fast as it can. @default 1_000_000, which are 100 MB */
  readonly floodLines: number;
}

/** The defaults of {@link ConformanceOptions}. */
export const CONFORMANCE_DEFAULTS: ConformanceOptions = {
  deadlineMs: 20_000,
  quietMs: 300,
  graceMs: 1_000,
  floodLines: 1_000_000,
};
