import { ProblemError } from "./problem-error.ts";
import { UnreachableError } from "./unreachable-error.ts";

/** How {@link sendFile} sends. */
export interface SendFileOptions {
  /** Route that takes the file. */
  readonly url: string;
  /** Base URL of the server, for errors. */
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Longest time in which nothing moves, in milliseconds. */
  readonly stallMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called as bytes of the file go out, with how many have gone. */
  readonly onProgress?: ((sentBytes: number) => void) | undefined;
}

/**
 * Sends a file as the field `file` of a form, as it is read: it is never whole in memory. Fetch's own forms tell nothing of
 * their progress.
 *
 * @throws ProblemError what the server answers. @throws UnreachableError when nothing answers, or nothing moves.
 */
export async function sendFile(file: Blob, options: SendFileOptions): Promise<Response> {
  const { url, server, headers, stallMs, signal, onProgress } = options;
  const boundary = `damson-${crypto.randomUUID()}`;
  const encoder = new TextEncoder();
  const head = encoder.encode(
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="app.zip"\r\n` +
      "content-type: application/zip\r\n\r\n",
  );
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  const stalled = new AbortController();
  const abort = (): void => stalled.abort(new Error(`nothing moved for ${stallMs / 1_000} s`));
  let timer = setTimeout(abort, stallMs);
  const moved = (sentBytes: number): void => {
    clearTimeout(timer);
    timer = setTimeout(abort, stallMs);
    onProgress?.(sentBytes);
  };
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        ...headers,
        "content-type": `multipart/form-data; boundary=${boundary}`,
        "content-length": String(head.length + file.size + tail.length),
      },
      body: ReadableStream.from(parts(head, file, tail, moved)),
      duplex: "half",
      // Else Node keeps all that was sent, to send it again to where a redirect leads.
      redirect: "error",
      window: null,
      signal: signal ? AbortSignal.any([signal, stalled.signal]) : stalled.signal,
    });
    if (!response.ok) throw await ProblemError.of(response);
    return response;
  } catch (thrown) {
    if (thrown instanceof ProblemError || signal?.aborted) throw thrown;
    throw new UnreachableError(server, thrown);
  } finally {
    clearTimeout(timer);
  }
}

async function* parts(head: Uint8Array, file: Blob, tail: Uint8Array, moved: (sentBytes: number) => void) {
  yield head;
  let sentBytes = 0;
  const reader = file.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
      // Whoever takes bytes asks for more when they have gone.
      sentBytes += value.length;
      moved(sentBytes);
    }
  } finally {
    await reader.cancel();
  }
  yield tail;
}
