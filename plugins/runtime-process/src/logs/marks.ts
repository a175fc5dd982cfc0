import { readFileSync, statSync } from "node:fs";
import { append, writeWhole } from "../disk.ts";

/** So many lines and the file is rewritten with its older marks thinned out. */
const MOST_LINES = 8_192;

/** At `time` all bytes up to `offset` were on disk. */
export interface TimeMark {
  readonly offset: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/**
 * What is kept beside a log file, in `<stream>.marks`: from where on there is data (`head <offset>`), and when how much
 * was there (`<offset> <time>`), in append-only lines of which the last word counts.
 */
export class Marks {
  /** The bytes before this were dropped. */
  readonly head: number;
  readonly marks: readonly TimeMark[];
  readonly lines: number;

  constructor(head: number, marks: readonly TimeMark[], lines: number) {
    this.head = head;
    this.marks = marks;
    this.lines = lines;
  }

  /** When all bytes up to `offset` were surely on disk; `undefined` when no mark says so. */
  timeOf(offset: number): number | undefined {
    return this.marks[this.#firstFrom((mark) => mark.offset >= offset)]?.time;
  }

  /** All bytes up to here were on disk before `time`. */
  offsetBefore(time: number): number {
    return this.marks[this.#firstFrom((mark) => mark.time >= time) - 1]?.offset ?? 0;
  }

  /** Index of the first mark for which `reached` holds; it holds for all after it. */
  #firstFrom(reached: (mark: TimeMark) => boolean): number {
    let low = 0;
    let high = this.marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const mark = this.marks[middle];
      if (mark && reached(mark)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Reads the marks of a log file, and adds what the file itself tells now: all that is in it was there at its mtime. */
export function currentMarks(logPath: string, marksPath: string): Marks {
  const stats = statSync(logPath, { throwIfNoEntry: false });
  const { head, marks, lines } = readMarks(marksPath);
  if (!stats || stats.size === 0) return new Marks(head, marks, lines);
  return new Marks(head, rising([...marks, { offset: stats.size, time: Math.ceil(stats.mtimeMs) }]), lines);
}

/** Reads the marks of a log file; none when there are none, and no line that a crash cut short. */
export function readMarks(path: string): Marks {
  let text = "";
  try {
    text = readFileSync(path, "latin1");
  } catch {
    // There are none yet.
  }
  const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  let head = 0;
  const marks: TimeMark[] = [];
  for (const line of lines) {
    const match = /^(head|[0-9]+) ([0-9]+)$/.exec(line);
    if (!match) continue;
    const value = Number(match[2]);
    if (match[1] === "head") head = value;
    else marks.push({ offset: Number(match[1]), time: value });
  }
  return new Marks(head, rising(marks), lines.length);
}

/** Leaves out marks that an app which truncates its log, or a clock that was set back, has made wrong. */
function rising(marks: readonly TimeMark[]): TimeMark[] {
  const kept: TimeMark[] = [];
  for (const mark of marks) {
    while ((kept.at(-1)?.offset ?? -1) >= mark.offset || (kept.at(-1)?.time ?? 0) > mark.time) kept.pop();
    kept.push(mark);
  }
  return kept;
}

/** Appends a mark; thins the file out when it has grown long. Returns how many lines it has now. */
export function addMark(path: string, mark: TimeMark, lines: number): number {
  append(path, `${mark.offset} ${mark.time}\n`);
  return lines + 1 > MOST_LINES ? thin(path) : lines + 1;
}

/** Notes that the bytes before `head` are about to be dropped. On disk when it returns. */
export function addHead(path: string, head: number): void {
  append(path, `head ${head}\n`, { durable: true });
}

/** Drops marks of what was dropped, and every second one of the older half of the rest. */
function thin(path: string): number {
  const { head, marks } = readMarks(path);
  const kept = marks.filter(({ offset }) => offset > head);
  const half = kept.length / 2;
  const thinned = kept.filter((_mark, index) => index >= half || index % 2 === 0);
  const text = [`head ${head}`, ...thinned.map(({ offset, time }) => `${offset} ${time}`)];
  writeWhole(path, `${text.join("\n")}\n`);
  return text.length;
}
