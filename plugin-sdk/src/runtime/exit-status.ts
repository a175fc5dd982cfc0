import { constants } from "node:os";

/**
 * How a run ended.
 *
 * What is not known is `null`, never a guess: a run whose end nobody saw has `code: null` and `signal: null`.
 */
export interface ExitStatus {
  /** 0 to 255; 128 + n when signal n ended it; `null` when unknown. */
  readonly code: number | null;
  /** Name of the signal that ended it, e.g. `SIGTERM`; `null` when none did or when it is unknown. */
  readonly signal: string | null;
  /** Whether the kernel or engine ended it for want of memory. */
  readonly oom: boolean;
  /** ISO 8601; `null` when nobody saw it. */
  readonly endedAt: string | null;
  /** Why it is unknown, when it is. */
  readonly detail?: string;
}

/** The status of a run whose end nobody saw. */
export function unknownExit(detail: string): ExitStatus {
  return { code: null, signal: null, oom: false, endedAt: null, detail };
}

/** Whether nobody knows how the run ended. */
export function isUnknownExit(status: ExitStatus): boolean {
  return status.code === null && status.signal === null;
}

/**
 * The status of a run that ended with `code`, where 128 + n stands for signal n, as shells and container engines have it.
 * An app that exits with such a code by itself cannot be told apart.
 */
export function exitStatusOf(code: number, facts: Pick<ExitStatus, "oom" | "endedAt">): ExitStatus {
  return { code, signal: signalOf(code), ...facts };
}

const HIGHEST_SIGNAL = 64;

function signalOf(code: number): string | null {
  if (code <= 128 || code > 128 + HIGHEST_SIGNAL) return null;
  return Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0] ?? null;
}
