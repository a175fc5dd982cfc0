import type { BoardListener, StatusBoard } from "./status-board.ts";

/** When a wait gives up. */
export interface WaitLimits {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Waits until `check` gives something for a run, asking it at once and then whenever the board tells of the run.
 * `undefined` when the limits end the wait.
 */
export function waitFor<T>(
  board: StatusBoard,
  name: string,
  check: (reason: "change" | "sweep") => T | undefined,
  { timeoutMs, signal }: WaitLimits,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      unsubscribe();
      signal?.removeEventListener("abort", giveUp);
      finish();
    };
    const giveUp = () => settle(() => resolve(undefined));
    const ask: BoardListener = (reason) => {
      try {
        const found = check(reason);
        if (found !== undefined) settle(() => resolve(found));
      } catch (error) {
        settle(() => reject(error));
      }
    };
    // Subscribed before the first question: what happens between the two is told.
    const unsubscribe = board.subscribe(name, ask);
    if (signal?.aborted) return giveUp();
    signal?.addEventListener("abort", giveUp, { once: true });
    if (timeoutMs !== undefined) timer = setTimeout(giveUp, timeoutMs);
    ask("change");
  });
}
