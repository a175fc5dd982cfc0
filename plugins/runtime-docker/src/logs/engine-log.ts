import { DamsonError } from "@damson/plugin-sdk";
import { isRefusal, refusalText } from "../engine/answers.ts";
import type { Engine } from "../engine/engine.ts";
import { frames } from "./frames.ts";
import { LineBuilder, type RawLine } from "./lines.ts";
import { type Moment, secondBefore, sinceText } from "./moment.ts";

/** What to ask the engine for. */
export interface EngineLogQuery {
  readonly follow: boolean;
  readonly signal: AbortSignal;
  /** All from this moment on, and perhaps some before. */
  readonly since?: Moment | undefined;
  /** So many of the last pieces, of both streams. */
  readonly tail?: number;
}

/**
 * The lines of a container's log as the engine has them, some at a time, with the number of pieces that they came in; none
 * when there is no such container.
 *
 * @throws DamsonError `LOGS_UNREADABLE` (409) when its log driver cannot be read back.
 */
export async function* engineLog(
  engine: Engine,
  id: string,
  query: EngineLogQuery,
): AsyncGenerator<{ readonly lines: readonly RawLine[]; readonly pieces: number }> {
  const { follow, since, tail, signal } = query;
  const leaving = new AbortController();
  try {
    const isPodman = (await engine.known()).kind === "podman";
    const stream = await engine.stream(
      `/containers/${id}/logs?`,
      {
        stdout: true,
        stderr: true,
        timestamps: true,
        follow,
        ...(since === undefined ? {} : { since: isPodman ? secondBefore(since) : sinceText(since) }),
        ...(tail === undefined ? {} : { tail }),
      },
      AbortSignal.any([signal, leaving.signal]),
    );
    const builder = new LineBuilder({ onlyBreaksEnd: isPodman });
    for await (const group of frames(stream)) {
      yield { lines: group.flatMap((frame) => builder.add(frame)), pieces: group.length };
    }
    yield { lines: builder.end(), pieces: 0 };
  } catch (error) {
    if (isRefusal(error, 404) || signal.aborted) return;
    if (!isRefusal(error)) throw engine.explain(error);
    throw new DamsonError("LOGS_UNREADABLE", `the engine cannot give the log: ${refusalText(error)}`, {
      status: 409,
      remedy: "Use a log_driver that can be read back, such as local or json-file.",
      cause: error,
    });
  } finally {
    leaving.abort();
  }
}
