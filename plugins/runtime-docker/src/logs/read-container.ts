import { isRuntimeUnavailable, type LogLine, type LogStream } from "@damson/plugin-sdk";
import type { Engine } from "../engine/engine.ts";
import type { Containers } from "../unit/containers.ts";
import { isFresh, isRunning } from "../unit/state.ts";
import { cursorOf, type LogPosition, type StreamPosition } from "./cursor.ts";
import { engineLog } from "./engine-log.ts";
import type { RawLine } from "./lines.ts";
import { isoText, type Moment } from "./moment.ts";

const STREAMS = ["stdout", "stderr"] as const;

/** What to read of one container's log. */
export interface ContainerLogQuery {
  readonly id: string;
  readonly run: number;
  /** Where to go on. @default from the beginning */
  readonly from: LogPosition | undefined;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/**
 * The lines of one container's log, each with the cursor after it. Following goes on when the engine was away, until the
 * container has ended and all was read, or the plugin is reloaded: the next one goes on from the last cursor.
 */
export async function* readContainer(
  engine: Engine,
  containers: Containers,
  query: ContainerLogQuery,
): AsyncGenerator<LogLine> {
  const { id, follow, signal } = query;
  const reading = new Reading(query.run, query.from);
  let following = follow;
  while (!signal.aborted) {
    try {
      for await (const { lines } of engineLog(engine, id, { follow: following, signal, since: reading.begin() })) {
        for (const line of lines) {
          const taken = reading.take(line);
          if (taken) yield taken;
        }
      }
      if (!following || signal.aborted) return;
      // The engine ends the stream when the container ends, and also when it ends itself.
      const found = await containers.inspect(id);
      if (!found) return;
      // It then gives up on a reader who is slow: what that one has not had is still there to be read.
      if (!isRunning(found.State) && !isFresh(found.State)) {
        following = false;
        continue;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!isRuntimeUnavailable(error) || !follow) throw error;
    }
    await engine.untilUsable(signal);
    if (engine.closed) return;
  }
}

/** Keeps count of what was read, so that each line has a cursor, and one that comes again is left out. */
export class Reading {
  readonly #run: number;
  readonly #read: Partial<Record<LogStream, StreamPosition>>;
  /** How many lines of the present moment have come, of each stream. */
  readonly #coming: Partial<Record<LogStream, StreamPosition>> = {};
  /** Streams whose last line that was read must come again first; when it does not, the engine has dropped some. */
  readonly #expected = new Set<LogStream>();
  /** Streams of which what comes may have been read. Afterwards an earlier time only shows that a clock was set back. */
  readonly #again = new Set<LogStream>();

  constructor(run: number, { stdout, stderr }: Omit<LogPosition, "run"> = {}) {
    this.#run = run;
    this.#read = { ...(stdout && { stdout }), ...(stderr && { stderr }) };
  }

  /** Begins to ask the engine, at first or anew. Returns from when on. */
  begin(): Moment | undefined {
    for (const stream of STREAMS) {
      delete this.#coming[stream];
      if (this.#read[stream]) this.#again.add(stream);
      if (isLine(this.#read[stream])) this.#expected.add(stream);
    }
    const { stdout, stderr } = this.#read;
    // A stream of which nothing was read may have lines from the beginning on.
    if (!stdout || !stderr) return undefined;
    return stdout.moment < stderr.moment ? stdout.moment : stderr.moment;
  }

  /** The line with its cursor; `undefined` when it was read before. */
  take({ stream, moment, ...line }: RawLine): LogLine | undefined {
    const before = this.#coming[stream];
    const coming = { moment, count: before?.moment === moment ? before.count + 1 : 1 };
    this.#coming[stream] = coming;
    const read = this.#read[stream];
    const isBefore = read && (moment < read.moment || (moment === read.moment && coming.count <= read.count));
    const isRead = isBefore && this.#again.has(stream);
    const isGap = this.#expected.delete(stream) && read !== undefined && moment > read.moment;
    if (isRead) return undefined;
    this.#again.delete(stream);
    this.#read[stream] = coming;
    const cursor = cursorOf({ run: this.#run, ...this.#read });
    return { cursor, stream, time: isoText(moment), ...line, ...(isGap ? { skipped: null } : {}) };
  }
}

/** Whether a position is right after a line, and not somewhere between lines. */
function isLine(position: StreamPosition | undefined): boolean {
  return position !== undefined && position.count > 0;
}
