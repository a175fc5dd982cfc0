/** Says that a connection broke, why, and when it is tried again. */
export function lostText(url: string, reason: Error | undefined, retryInMs: number): string {
  const why = reason?.message ?? `${url} closed the connection`;
  return `${why}. Trying again in ${(retryInMs / 1_000).toFixed(1)} s.`;
}
