/** No answer came from the server: it is not there, the way to it is broken, or it took too long. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
  /** Base URL of the server. */
  readonly url: string;

  constructor(url: string, cause: unknown) {
    super(`No answer from ${url}: ${reason(cause)}`, { cause });
    this.url = url;
  }
}

/** fetch hides what happened behind "fetch failed"; the system's word for it is in the cause. */
function reason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return reason(thrown.errors[0]);
  if (thrown.cause !== undefined) return reason(thrown.cause);
  return thrown.message;
}
