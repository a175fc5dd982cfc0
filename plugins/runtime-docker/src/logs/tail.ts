import type { LogLine, LogStream } from "@damson/plugin-sdk";
import type { Engine } from "../engine/engine.ts";
import { type LogPosition, parseCursor, positionBefore } from "./cursor.ts";
import { engineLog } from "./engine-log.ts";
import type { RawLine } from "./lines.ts";
import { Reading } from "./read-container.ts";

/** So many of the last pieces are asked for at first, and so many times more whenever that was too few. */
const PIECES = { first: 64, factor: 8, mostForEnd: 4_096 } as const;

/** A container whose log is read. */
export interface LoggedRun {
  readonly id: string;
  readonly run: number;
}

/** The last lines of the logs of some runs, all in memory: who asks for many gets them, and has asked for it. */
export async function lastLines(
  engine: Engine,
  runs: readonly LoggedRun[],
  { count, stream, signal }: { count: number; stream: LogStream | undefined; signal: AbortSignal },
): Promise<LogLine[]> {
  let last: LogLine[] = [];
  for (const { id, run } of runs.toReversed()) {
    const missing = count - last.length;
    if (missing <= 0 || signal.aborted) break;
    const all = await endOfLog(engine, id, signal, (lines) => wanted(lines, stream).length >= missing);
    const reading = new Reading(run, all[0] && positionBefore(run, earliest(all)));
    const taken = all.flatMap((line) => reading.take(line) ?? []);
    last = [...wanted(taken, stream).slice(-missing), ...last];
  }
  return last;
}

/** The position at the present end of a run's log. */
export async function endOf(engine: Engine, { id, run }: LoggedRun, signal: AbortSignal): Promise<LogPosition> {
  const lines = await endOfLog(
    engine,
    id,
    signal,
    (whole, found) => streamsOf(whole).size === streamsOf(found).size,
    PIECES.mostForEnd,
  );
  if (lines.length === 0) return { run };
  const before = positionBefore(run, earliest(lines));
  const reading = new Reading(run, before);
  const last = lines.map((line) => reading.take(line)?.cursor).at(-1);
  return last === undefined ? before : parseCursor(last);
}

/** Some of the last lines: enough of them, or all there are; at most about `most` of them. */
async function endOfLog(
  engine: Engine,
  id: string,
  signal: AbortSignal,
  isEnough: (whole: readonly RawLine[], found: readonly RawLine[]) => boolean,
  most = Number.POSITIVE_INFINITY,
): Promise<RawLine[]> {
  for (let tail: number = PIECES.first; ; tail *= PIECES.factor) {
    const found: RawLine[] = [];
    let count = 0;
    for await (const { lines, pieces } of engineLog(engine, id, { follow: false, tail, signal })) {
      found.push(...lines);
      count += pieces;
    }
    if (count < tail || tail >= most || signal.aborted) return found;
    const whole = withoutBeginning(found);
    if (isEnough(whole, found)) return whole;
  }
}

/** Without the lines of each stream's first moment: the engine may have left out some of them, or a part of one. */
function withoutBeginning(lines: readonly RawLine[]): RawLine[] {
  const first = new Map<LogStream, string>();
  return lines.filter(({ stream, moment }) => {
    if (!first.has(stream)) first.set(stream, moment);
    return first.get(stream) !== moment;
  });
}

function streamsOf(lines: readonly RawLine[]): Set<LogStream> {
  return new Set(lines.map(({ stream }) => stream));
}

function wanted<L extends { readonly stream: LogStream }>(lines: readonly L[], stream: LogStream | undefined): L[] {
  return lines.filter((line) => stream === undefined || line.stream === stream);
}

/** Between the streams, the engine's order is not always that of time. */
function earliest(lines: readonly RawLine[]): string {
  return lines.reduce((first, { moment }) => (moment < first ? moment : first), lines[0]?.moment ?? "");
}
