import { isUtf8 } from "node:buffer";
import { type FSWatcher, watch } from "node:fs";
import { stat } from "node:fs/promises";
import type { LogLine, LogQuery, LogStream } from "@damson/plugin-sdk";
import { cursorOf, parseCursor } from "./cursor.ts";
import { LineReader, type RawLine } from "./line-reader.ts";
import { lastLineStarts, lineStart } from "./line-starts.ts";
import type { LogFile } from "./log-file.ts";
import { currentMarks, type Marks } from "./marks.ts";

const STREAMS = ["stdout", "stderr"] as const;
/** A follower looks by itself so often, for what the watch may have lost. */
const RECHECK_MS = 1_000;

/** The logs of one instance. */
export interface LogSource {
  readonly files: Readonly<Record<LogStream, LogFile>>;
  /** Whether the run that is asked about has ended. */
  hasEnded(): boolean;
  /** Calls back when it may have ended, until the returned function is called. */
  onChange(listener: () => void): () => void;
}

/** One stream while it is read: its next line is held back until it is older than that of the other stream. */
interface Reading {
  readonly stream: LogStream;
  readonly reader: LineReader;
  readonly marks: Marks;
  next: RawLine | undefined;
  /** Nothing more was there when it was last asked. It is asked again once the other one had more, or at the next turn. */
  isAtEnd: boolean;
}

/** Reads the lines that a query asks for. Per stream the order is exact; between the streams it is as good as the marks. */
export async function* readLogs({ files, hasEnded, onChange }: LogSource, query: LogQuery): AsyncGenerator<LogLine> {
  const { follow = false, signal } = query;
  const asked = STREAMS.filter((stream) => query.stream === undefined || query.stream === stream);
  const offsets = await startOffsets(files, asked, query);
  const readings = asked.map((stream): Reading => {
    const file = files[stream];
    const reader = new LineReader(file.path, offsets[stream], () => file.head);
    return { stream, reader, marks: currentMarks(file.path, file.marksPath), next: undefined, isAtEnd: false };
  });
  const watch = follow ? new GrowthWatch(readings.map(({ stream }) => files[stream].path)) : undefined;
  const unsubscribe = watch && onChange(() => watch.note());
  const release = async () => {
    signal.removeEventListener("abort", release);
    unsubscribe?.();
    watch?.close();
    for (const { reader } of readings) await reader.close();
  };
  // A reader who was left in the middle never comes to the end of this function.
  signal.addEventListener("abort", release);

  const toLine = (reading: Reading, line: RawLine): LogLine => {
    offsets[reading.stream] = line.end;
    return {
      cursor: cursorOf(offsets),
      stream: reading.stream,
      time: new Date(reading.marks.timeOf(line.end) ?? Date.now()).toISOString(),
      ...textOf(line.bytes),
      ...(line.partial ? { partial: true } : {}),
      ...(line.skipped > 0 ? { skipped: line.skipped } : {}),
    };
  };

  try {
    while (!signal.aborted) {
      // Asked before reading: what was written before the end is read in this turn.
      const ended = hasEnded();
      askAgain(readings);
      for (let oldest = await nextOf(readings); oldest && !signal.aborted; oldest = await nextOf(readings)) {
        yield toLine(oldest.reading, oldest.line);
      }
      if (signal.aborted) return;
      if (ended || !watch) {
        for (const reading of readings) {
          const line = reading.reader.last(!ended);
          if (line) yield toLine(reading, line);
        }
        return;
      }
      await watch.change(signal);
    }
  } finally {
    await release();
  }
}

/** Takes the line that was written first, of those that are next in each stream. */
async function nextOf(readings: readonly Reading[]): Promise<{ reading: Reading; line: RawLine } | undefined> {
  for (const reading of readings) {
    reading.next ??= reading.reader.next();
    while (!reading.next && !reading.isAtEnd) {
      if (await reading.reader.fill()) askAgain(readings);
      else reading.isAtEnd = true;
      reading.next = reading.reader.next();
    }
  }
  let oldest: { reading: Reading; line: RawLine; time: number } | undefined;
  for (const reading of readings) {
    if (!reading.next) continue;
    const time = reading.marks.timeOf(reading.next.end) ?? Number.POSITIVE_INFINITY;
    if (!oldest || time < oldest.time) oldest = { reading, line: reading.next, time };
  }
  if (oldest) oldest.reading.next = undefined;
  return oldest;
}

/** To ask a stream at its end before every line of the other one would cost more than the reading itself. */
function askAgain(readings: readonly Reading[]): void {
  for (const reading of readings) reading.isAtEnd = false;
}

/** Where reading begins in each stream. A stream that is not asked for keeps the place that the query has for it. */
async function startOffsets(
  files: LogSource["files"],
  asked: readonly LogStream[],
  { after, since, tail }: LogQuery,
): Promise<Record<LogStream, number>> {
  if (after !== undefined) return { ...parseCursor(after) };
  const offsets: Record<LogStream, number> = { stdout: 0, stderr: 0 };
  if (since) {
    for (const stream of asked) {
      const { path, head, marksPath } = files[stream];
      offsets[stream] = await lineStart(path, head, currentMarks(path, marksPath).offsetBefore(since.getTime()));
    }
  }
  if (tail !== undefined) {
    const last = await lastLines(files, asked, tail);
    for (const stream of asked) offsets[stream] = Math.max(offsets[stream], last[stream]);
  }
  // At the edge of what was dropped no line begins for sure: from before it, the reader finds the next that does.
  for (const stream of asked) if (offsets[stream] <= files[stream].head) offsets[stream] = 0;
  return offsets;
}

/** Where the last lines of both streams together begin. */
async function lastLines(
  files: LogSource["files"],
  asked: readonly LogStream[],
  count: number,
): Promise<Record<LogStream, number>> {
  const begins: Record<LogStream, number> = { stdout: 0, stderr: 0 };
  const candidates: { stream: LogStream; start: number; time: number }[] = [];
  for (const stream of asked) {
    const { path, head, marksPath } = files[stream];
    const size = (await stat(path).catch(() => undefined))?.size ?? 0;
    const marks = currentMarks(path, marksPath);
    let end = size;
    for (const start of await lastLineStarts(path, head, size, count)) {
      candidates.push({ stream, start, time: marks.timeOf(end) ?? Number.POSITIVE_INFINITY });
      end = start;
    }
    begins[stream] = size;
  }
  // The newest first; of those of one time, as reading would give them last.
  const order = (stream: LogStream) => STREAMS.indexOf(stream);
  candidates.sort((a, b) => compare(b.time, a.time) || order(b.stream) - order(a.stream) || b.start - a.start);
  for (const { stream, start } of candidates.slice(0, count)) begins[stream] = Math.min(begins[stream], start);
  return begins;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function textOf(bytes: Buffer): { text: string; base64?: string } {
  const text = bytes.toString("utf8");
  return isUtf8(bytes) ? { text } : { text, base64: bytes.toString("base64") };
}

/** Tells when some files may have grown. */
class GrowthWatch {
  readonly #watchers: FSWatcher[];
  #changed = false;
  #wake: (() => void) | undefined;

  constructor(paths: readonly string[]) {
    const note = () => this.note();
    this.#watchers = paths.flatMap((path) => {
      try {
        return [watch(path, { persistent: false }, note).on("error", note)];
      } catch {
        // The file is not there yet, or there are no watches left: the recheck finds what comes.
        return [];
      }
    });
  }

  note(): void {
    this.#changed = true;
    this.#wake?.();
  }

  /** Resolves at the next change, after a while, or when `signal` aborts. */
  async change(signal: AbortSignal): Promise<void> {
    if (!this.#changed && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, RECHECK_MS);
        this.#wake = done;
        signal.addEventListener("abort", done, { once: true });
        function done() {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          resolve();
        }
      });
      this.#wake = undefined;
    }
    this.#changed = false;
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close();
  }
}
