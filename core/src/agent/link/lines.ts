/** What this long has no line break is no event of a controller's. */
const MAX_CHARACTERS = 65_536;

/** Lines of an answer as they come, until it ends, nothing has come for `idleMs`, or the signal aborts. */
export async function* linesOf(response: Response, idleMs: number, signal: AbortSignal): AsyncGenerator<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return;
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  const idle = setTimeout(cancel, idleMs).unref();
  signal.addEventListener("abort", cancel, { once: true });
  let rest = "";
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read();
      if (done) return;
      idle.refresh();
      const lines = `${rest}${value}`.split("\n");
      rest = (lines.pop() ?? "").slice(0, MAX_CHARACTERS);
      yield* lines;
    }
  } finally {
    clearTimeout(idle);
    signal.removeEventListener("abort", cancel);
    cancel();
  }
}
