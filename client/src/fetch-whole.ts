/** Bounds of a {@link fetchWhole}. */
export interface AnswerBounds {
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
}

/**
 * The answer to a request, once all of it has come. Does not follow redirects.
 *
 * @throws Error when it takes longer, has more bytes, or leads elsewhere
 */
export async function fetchWhole(request: Request, { timeoutMs, maxAnswerBytes }: AnswerBounds): Promise<Response> {
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(new Error(`no whole answer came within ${timeoutMs / 1_000} s`)), timeoutMs);
  try {
    const signal = AbortSignal.any([request.signal, end.signal]);
    const response = await fetch(request, { signal, redirect: "error" });
    const { status, statusText, headers, url } = response;
    const body = await bytesOf(response, maxAnswerBytes, signal);
    const whole = new Response(body.length > 0 ? body : null, { status, statusText, headers });
    // Errors name it.
    return Object.defineProperty(whole, "url", { value: url });
  } finally {
    clearTimeout(timer);
    // Whatever is left of it.
    end.abort();
  }
}

async function bytesOf(response: Response, limit: number, signal: AbortSignal): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    // Once the head of an answer is there, aborting need not end the reading of its body.
    signal.throwIfAborted();
    bytes += chunk.length;
    if (bytes > limit) throw new Error(`its answer has more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
