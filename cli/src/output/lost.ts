import { UnreachableError } from "@damson/client";

/** Says that the connection to a server broke, why, and when it is tried again. */
export function lostText(url: string, reason: Error | undefined, retryInMs: number): string {
  const what =
    reason instanceof UnreachableError
      ? reason.message
      : `Lost the connection to ${url}${reason === undefined ? "" : ` (${reason.message})`}`;
  return `${what}. Trying again in ${(retryInMs / 1_000).toFixed(1)} s.`;
}
