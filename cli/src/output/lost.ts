/** Says that the connection to a server broke, why, and when it is tried again. */
export function lostText(url: string, reason: Error | undefined, retryInMs: number): string {
  const why = reason === undefined ? "it was closed" : reason.message;
  return `Lost the connection to ${url} (${why}). Trying again in ${(retryInMs / 1_000).toFixed(1)} s.`;
}
