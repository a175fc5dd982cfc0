import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { answer, UnreachableError } from "@damson/client";

const RETRY_MS = 500;

/** The header by which the controller knows a change that is asked for again. */
export type OnceHeaders = { readonly "idempotency-key": string };

/**
 * Asks for a change, and once more when no answer came: the key lets it be made once, however often it is asked for.
 *
 * @throws what the second call throws.
 */
export async function once<T>(change: (headers: OnceHeaders) => Promise<{ data?: T; response: Response }>): Promise<T> {
  const headers = { "idempotency-key": randomUUID() };
  try {
    return await answer(change(headers));
  } catch (thrown) {
    if (!(thrown instanceof UnreachableError)) throw thrown;
    await pause(RETRY_MS * (0.8 + Math.random() * 0.4));
    return answer(change(headers));
  }
}

/** The same, for a change that is answered without a body (204). */
export async function onceDone(change: (headers: OnceHeaders) => Promise<{ response: Response }>): Promise<void> {
  await once(async (headers) => ({ data: true, response: (await change(headers)).response }));
}
