import { parseServerSentEvents } from "parse-sse";
import { ProblemError } from "./problem-error.ts";

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

/** How to follow a stream of events over breaks of the connection. */
export interface FollowOptions {
  /** Ends the following, without an error. */
  readonly signal: AbortSignal;
  /** Called at each break, and again each time that connecting anew fails. */
  onDisconnect?(reason: Error | undefined, retryInMs: number): void;
  /** Called when the connection stands, also the first time. */
  onConnect?(): void;
}

/**
 * Follows server-sent events for as long as the signal allows: after a break it connects anew, with back-off and
 * jitter, right after the last event that it saw, so that none is lost or seen twice.
 *
 * @param open Connects; `lastId` is the id of the last event that was seen.
 * @throws what `open` throws the first time, and a {@link ProblemError} with a 4xx status at any time. Others that the
 *   server sends, such as `STREAM_TOO_SLOW`, are breaks.
 */
export async function* follow<T>(
  open: (lastId: string | undefined) => Promise<Response>,
  { signal, onConnect, onDisconnect }: FollowOptions,
): AsyncGenerator<T> {
  let lastId: string | undefined;
  let failures = 0;
  let connected = false;
  while (!signal.aborted) {
    let broken: Error | undefined;
    try {
      const response = await open(lastId);
      connected = true;
      onConnect?.();
      for await (const event of readUntil(parseServerSentEvents(response), signal)) {
        if (event.type === "problem") throw ProblemError.parse(event.data);
        const value = JSON.parse(event.data);
        failures = 0;
        lastId = event.lastEventId || lastId;
        yield value;
      }
    } catch (thrown) {
      if (signal.aborted) return;
      if (!connected || isRefusal(thrown)) throw thrown;
      broken = thrown instanceof Error ? thrown : new Error(String(thrown));
    }
    if (signal.aborted) return;
    const retryInMs = backOffMs(failures++);
    onDisconnect?.(broken, retryInMs);
    await pause(retryInMs, signal);
  }
}

/**
 * Reads until the signal aborts, and closes the connection whenever reading ends. The signal that fetch was given does
 * not do: once the head of the answer has come, its link to the body may be garbage-collected.
 */
async function* readUntil<T>(stream: ReadableStream<T>, signal: AbortSignal): AsyncGenerator<T> {
  const reader = stream.getReader();
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof ProblemError && thrown.problem.status < 500;
}

function backOffMs(failures: number): number {
  const base = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10));
  return base * (0.8 + Math.random() * 0.4);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
