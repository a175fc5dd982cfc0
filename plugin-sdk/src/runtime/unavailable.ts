import { DamsonError, isDamsonError } from "../error.ts";

/**
 * The error of a call that could not reach what the runtime stands on (an engine, a cluster). It says nothing of the unit:
 * the agent counts no failure, declares nothing dead, and tries again as soon as the runtime says that it is usable.
 */
export function runtimeUnavailable(reason: string, options: { remedy?: string; cause?: unknown } = {}): DamsonError {
  return new DamsonError("RUNTIME_UNAVAILABLE", reason, { status: 503, retryable: true, ...options });
}

/** Whether `thrown` was made by {@link runtimeUnavailable}, of any copy of this package. */
export function isRuntimeUnavailable(thrown: unknown): thrown is DamsonError {
  return isDamsonError(thrown) && thrown.code === "RUNTIME_UNAVAILABLE";
}
