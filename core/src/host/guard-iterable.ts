import { asPlugin } from "./attribution.ts";
import { withDeadline } from "./deadline.ts";
import { attributed, callTimeout, type GuardedCall } from "./guard-call.ts";

/** Milliseconds in which a plugin's iterable must end after its signal aborted or its reader left. */
const END_MS = 10_000;

/**
 * An iterable of a plugin that cannot hang nor throw unattributed: it may be quiet for as long as it likes, but has to
 * end within `endMs` of the abort of its signal, or of its reader's leaving.
 *
 * @throws DamsonError `PLUGIN_CALL_TIMEOUT` when it does not end then, and `PLUGIN_CALL_FAILED` when it throws.
 */
export async function* guardIterable<T>(
  call: GuardedCall,
  signal: AbortSignal,
  open: () => AsyncIterable<T>,
  endMs: number = END_MS,
): AsyncGenerator<T, void> {
  const overrun = () => callTimeout({ ...call, ms: endMs });
  let giveUp: (error: Error) => void = () => {};
  const abort = onceAborted(signal, endMs, () => giveUp(overrun()));
  let unfinished: AsyncIterator<T> | undefined;
  try {
    const iterator = asPlugin(call.pluginId, () => open()[Symbol.asyncIterator]());
    unfinished = iterator;
    for (;;) {
      // Not Promise.race: against one promise that lasts as long as the iterable it would keep every item in memory.
      const next = await new Promise<IteratorResult<T>>((resolve, reject) => {
        giveUp = reject;
        asPlugin(call.pluginId, async () => iterator.next()).then(resolve, reject);
      });
      if (next.done) {
        unfinished = undefined;
        return;
      }
      yield next.value;
    }
  } catch (error) {
    unfinished = undefined;
    throw attributed(call, error);
  } finally {
    abort.cancel();
    // Still set only when the reader has left.
    const left = unfinished;
    if (left)
      await withDeadline(
        asPlugin(call.pluginId, async () => left.return?.()),
        endMs,
        overrun,
      );
  }
}

function onceAborted(signal: AbortSignal, ms: number, work: () => void): { cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(work, ms);
  };
  if (signal.aborted) begin();
  else signal.addEventListener("abort", begin, { once: true });
  return {
    cancel() {
      clearTimeout(timer);
      signal.removeEventListener("abort", begin);
    },
  };
}
