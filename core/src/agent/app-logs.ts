import { DamsonError, durationMs, errorText, isDamsonError, type LogLine, type LogQuery } from "@damson/plugin-sdk";
import type { Agent } from "./agent.ts";
import type { App } from "./app.ts";
import { followRuns, type Run } from "./follow-runs.ts";
import { instanceNotFound } from "./instance-not-found.ts";
import { LogPosition } from "./log-position.ts";
import { merge } from "./merge.ts";
import type { LogRecord } from "./schema/records.ts";
import type { LogsQuery } from "./schema/requests.ts";

/** A line of an app's log, and the position right after it. */
export interface PositionedLine {
  readonly record: LogRecord;
  readonly position: string;
}

/**
 * The log of an app: the lines of its instances, per instance in order, together by time as well as it is known.
 *
 * @throws DamsonError `INSTANCE_NOT_FOUND` (404), `LOG_POSITION_INVALID` or `SINCE_INVALID` (400), before the first line
 */
export function appLogs(
  agent: Agent,
  app: App,
  query: LogsQuery,
  now: Date,
): (signal: AbortSignal) => AsyncIterable<PositionedLine> {
  const sources = logSources(app, query.instance);
  const named = query.instance ? [query.instance] : sources.map((source) => source.instanceId);
  const position = LogPosition.parse(query.after, named);
  const since = query.since === undefined ? undefined : sinceTime(query.since, now);
  const read = (source: Run, signal: AbortSignal): AsyncIterable<LogRecord> => {
    const after = position.of(source.instanceId);
    return recordsOf(source, {
      signal,
      ...(query.follow ? { follow: true } : {}),
      ...(query.stream ? { stream: query.stream } : {}),
      ...(after !== undefined ? { after } : {}),
      ...(after === undefined && query.tail !== undefined ? { tail: query.tail } : {}),
      ...(after === undefined && since ? { since } : {}),
    });
  };
  const { instance } = query;
  const follower = {
    runs: () => followable(app, instance),
    read,
    isOver: () => instance !== undefined && !has(app, instance),
  };
  return async function* (signal) {
    const records = query.follow
      ? followRuns(agent, app, follower, signal)
      : merge(
          sources.map((source) => read(source, signal)),
          byTime,
        );
    for await (const record of records) {
      position.advance(record.instance_id, record.cursor);
      yield { record, position: position.toString() };
    }
  };
}

/**
 * Tells before the answer begins that a cursor cannot be read.
 *
 * @throws DamsonError the runtime's own, with a 4xx status
 */
export async function checkCursors(app: App, { after, instance }: LogsQuery): Promise<void> {
  const sources = logSources(app, instance);
  const position = LogPosition.parse(after, instance ? [instance] : sources.map((source) => source.instanceId));
  for (const { instanceId, runtime, handle } of sources) {
    const cursor = position.of(instanceId);
    if (cursor === undefined) continue;
    const ended = new AbortController();
    const lines = runtime.logs(handle, { after: cursor, signal: ended.signal })[Symbol.asyncIterator]();
    try {
      await lines.next();
    } catch (thrown) {
      if (isDamsonError(thrown) && thrown.status < 500) throw thrown;
    } finally {
      ended.abort();
      await lines.return?.();
    }
  }
}

/** @throws DamsonError `INSTANCE_NOT_FOUND` (404) */
function logSources(app: App, instance: string | undefined): Run[] {
  if (instance !== undefined && !has(app, instance)) throw instanceNotFound(app, instance);
  return followable(app, instance);
}

function has(app: App, instance: string): boolean {
  return app.document.value.instances.some((record) => record.instance_id === instance);
}

/** What has a log. An instance that a failed update left behind is shown only when it is asked for. */
function followable(app: App, instance: string | undefined): Run[] {
  return app.document.value.instances.flatMap((record) => {
    const wanted = instance === undefined ? record.target !== "retired" : record.instance_id === instance;
    const run = app.supervisor(record.instance_id)?.run;
    if (!wanted || !run?.runtime) return [];
    return [{ instanceId: record.instance_id, handle: run.handle, runtime: run.runtime }];
  });
}

async function* recordsOf(source: Run, query: LogQuery): AsyncGenerator<LogRecord> {
  try {
    for await (const line of source.runtime.logs(source.handle, query)) yield toRecord(source.instanceId, line);
  } catch (thrown) {
    if (query.signal.aborted) return;
    throw new DamsonError("LOGS_FAILED", `the log of ${source.instanceId} cannot be read: ${errorText(thrown)}`, {
      status: 502,
      cause: thrown,
    });
  }
}

function toRecord(instanceId: string, line: LogLine): LogRecord {
  const { cursor, stream, time, text, base64, partial, skipped } = line;
  return {
    instance_id: instanceId,
    stream,
    time,
    text,
    ...(base64 === undefined ? {} : { base64 }),
    ...(partial === undefined ? {} : { partial }),
    ...(skipped === undefined ? {} : { skipped }),
    cursor,
  };
}

function byTime(a: LogRecord, b: LogRecord): number {
  return (a.time ?? "").localeCompare(b.time ?? "");
}

/** `since` as a moment: an ISO 8601 time, or a duration back from `now`. */
function sinceTime(since: string, now: Date): Date {
  const time = /^\d{4}-/.test(since) ? new Date(since) : new Date(now.getTime() - msBack(since));
  if (!Number.isNaN(time.getTime())) return time;
  throw new DamsonError("SINCE_INVALID", `"${since}" is neither a duration nor a time`, {
    status: 400,
    issues: [
      {
        path: "since",
        message: `expected a duration or a time, got "${since}"`,
        hint: "For example 10m, or 2026-01-31T12:00:00Z.",
      },
    ],
  });
}

function msBack(duration: string): number {
  try {
    return durationMs(duration);
  } catch {
    return Number.NaN;
  }
}
