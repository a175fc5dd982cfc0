import { DamsonError, errorText, isDamsonError } from "@damson/plugin-sdk";
import { asPlugin } from "./attribution.ts";
import { withDeadline } from "./deadline.ts";

/** What a guarded call is attributed to. */
export interface GuardedCall {
  readonly pluginId: string;
  /** Plugin, contract and method, for messages. */
  readonly name: string;
}

/** Runs one call of a plugin within its deadline. */
export async function guardCall<T>(call: GuardedCall & { ms: number }, work: () => Promise<T>): Promise<T> {
  try {
    // `async` turns what a plugin throws at once into a rejection.
    const running = asPlugin(call.pluginId, async () => work());
    return await withDeadline(running, call.ms, () => callTimeout(call));
  } catch (error) {
    throw attributed(call, error);
  }
}

/** The error of a call that took longer than its deadline. */
export function callTimeout({ name, ms }: GuardedCall & { ms: number }): DamsonError {
  return new DamsonError("PLUGIN_CALL_TIMEOUT", `${name} has not answered within ${ms / 1_000} s`, {
    status: 504,
    retryable: true,
    remedy: "See the plugin's log for what it waits for.",
  });
}

/** The error as the caller of a plugin gets it. */
export function attributed({ name }: GuardedCall, error: unknown): DamsonError {
  if (isDamsonError(error)) return error;
  return new DamsonError("PLUGIN_CALL_FAILED", `${name} failed: ${errorText(error)}`, { status: 502, cause: error });
}
