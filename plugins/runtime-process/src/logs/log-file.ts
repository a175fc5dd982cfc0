import { type Stats, statSync } from "node:fs";
import { addHead, addMark, readMarks } from "./marks.ts";
import { BLOCK, punchHead } from "./punch.ts";

/** A mark for every growth would cost more than it tells. */
const MARK_EVERY_MS = 4_000;

/** How much of one stream is kept. */
export interface LogBound {
  /** In bytes. */
  readonly keep: number;
  /** So much is dropped at once, at least. In bytes. */
  readonly step: number;
}

/** The bound that `max_size` and `max_files` stand for. A single part is dropped in halves, so that never all is gone. */
export function logBound(maxSize: number, maxFiles: number): LogBound {
  const keep = maxSize * maxFiles;
  return { keep, step: maxFiles === 1 ? Math.ceil(keep / 2) : maxSize };
}

/** The output of one stream of an instance, as the sweep sees it. */
export class LogFile {
  readonly path: string;
  bound: LogBound;
  #size = 0;
  #head = 0;
  #marked: { offset: number; time: number; lines: number } | undefined;
  #punching = false;
  /** So many looks in a row have found nothing new. */
  quiet = 0;

  constructor(path: string, bound: LogBound) {
    this.path = path;
    this.bound = bound;
  }

  get marksPath(): string {
    return `${this.path}.marks`;
  }

  /** The bytes before this are dropped, or being dropped. */
  get head(): number {
    this.#load();
    return this.#head;
  }

  /** Looks at the file and notes what is new. Returns by how many bytes it has grown since the last look. */
  observe(now: number): number {
    const stats = statSync(this.path, { throwIfNoEntry: false });
    if (!stats) return 0;
    const growth = stats.size - this.#size;
    this.quiet = growth === 0 ? this.quiet + 1 : 0;
    this.#size = stats.size;
    if (stats.size > 0 && (growth !== 0 || this.#marked?.offset !== stats.size)) this.#mark(stats, now);
    return growth;
  }

  /** Whether so much is kept that some has to be dropped. */
  get isOver(): boolean {
    return this.#size - this.#head > this.bound.keep && !this.#punching;
  }

  /** Drops the oldest bytes. What is kept then is within the bound, with room for one more step. */
  async drop(): Promise<void> {
    const head = this.#size - (this.bound.keep - this.bound.step);
    const aligned = head - (head % BLOCK);
    if (this.#punching || aligned <= this.head) return;
    this.#punching = true;
    try {
      // First the note, then the hole: nobody may take the hole's zeros for output.
      addHead(this.marksPath, aligned);
      this.#head = aligned;
      await punchHead(this.path, aligned);
    } finally {
      this.#punching = false;
    }
  }

  #mark(stats: Stats, now: number): void {
    const marked = this.#load();
    if (stats.size < marked.offset) {
      // The app has emptied its own log. Offsets begin anew.
      marked.offset = 0;
      if (this.#head > 0) addHead(this.marksPath, 0);
      this.#head = 0;
    }
    if (stats.size === marked.offset || now - marked.time < MARK_EVERY_MS) return;
    const time = Math.min(Math.ceil(stats.mtimeMs), now);
    marked.lines = addMark(this.marksPath, { offset: stats.size, time }, marked.lines);
    marked.offset = stats.size;
    marked.time = now;
  }

  /** Read when first needed: most files of most apps never grow while one looks. */
  #load(): { offset: number; time: number; lines: number } {
    if (!this.#marked) {
      const { head, marks, lines } = readMarks(this.marksPath);
      this.#head = head;
      this.#marked = { offset: marks.at(-1)?.offset ?? 0, time: 0, lines };
    }
    return this.#marked;
  }
}
