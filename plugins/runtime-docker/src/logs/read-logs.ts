import type { Handle, LogLine, LogQuery } from "@damson/plugin-sdk";
import type { Engine } from "../engine/engine.ts";
import { type Containers, runOf } from "../unit/containers.ts";
import { containerIdOf } from "../unit/handle.ts";
import { type LogPosition, parseCursor, positionBefore } from "./cursor.ts";
import { momentOfDate } from "./moment.ts";
import { readContainer } from "./read-container.ts";
import { endOf, type LoggedRun, lastLines } from "./tail.ts";

/** Reads the logs of the runs of an instance that the engine still has: oldest first, the last one followed. */
export async function* readLogs(
  engine: Engine,
  containers: Containers,
  handle: Handle,
  query: LogQuery,
): AsyncGenerator<LogLine> {
  const { stream, signal, since, follow = false } = query;
  const runs = await loggedRuns(containers, handle);
  const last = runs.at(-1);
  let from = query.after === undefined ? undefined : parseCursor(query.after);
  if (!last) return;
  if (query.after === undefined && query.tail !== undefined) {
    const tail = await lastLines(engine, runs, { count: query.tail, stream, signal });
    for (const line of tail) if (!since || (line.time ?? "") >= since.toISOString()) yield line;
    if (!follow) return;
    const end = tail.at(-1)?.cursor;
    from = end === undefined ? await endOf(engine, last, signal) : parseCursor(end);
  }
  // What was read of a run that the engine has no longer is followed by the oldest that it has.
  let isGap = from !== undefined && runs.every(({ run }) => run !== from?.run);
  for (const { id, run } of runs) {
    if (from && run < from.run) continue;
    const start = from?.run === run ? from : from ? undefined : sinceOf(run, since);
    const lines = readContainer(engine, containers, {
      id,
      run,
      from: start,
      follow: follow && run === last.run,
      signal,
    });
    for await (const line of lines) {
      if (stream !== undefined && line.stream !== stream) continue;
      yield isGap ? { ...line, skipped: null } : line;
      isGap = false;
    }
  }
}

/** The runs of an instance up to this one, whose containers the engine has; oldest first. */
export async function loggedRuns(containers: Containers, handle: Handle): Promise<LoggedRun[]> {
  const { owner, instanceId } = handle;
  const found = await containers.list({ owner, instanceId }, containerIdOf(handle));
  return found.map((one) => ({ id: one.Id, run: runOf(one) })).filter(({ run }) => run <= handle.run);
}

function sinceOf(run: number, since: Date | undefined): LogPosition | undefined {
  return since && positionBefore(run, momentOfDate(since));
}
