import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { DurableDirectory } from "@damson/core/state";
import type { Change } from "./change.ts";
import { encodeLine } from "./journal-line.ts";
import { headOf, type Segment, segmentName } from "./segment.ts";
import type { State } from "./state.ts";

/** The segment that is being written. */
interface OpenSegment {
  readonly number: number;
  readonly handle: FileHandle;
  /** Bytes that are durable. */
  end: number;
  /** Whether something may stand after `end` that nobody was told of. */
  torn: boolean;
}

/**
 * The changes that the documents may not have yet, in segments: files to which whole lines are appended, and which are
 * dropped from the oldest on. Calls must not overlap, but for `drop`.
 */
export class Journal {
  readonly #directory: DurableDirectory;
  readonly #state: State;
  #closed: readonly Segment[];
  #open: OpenSegment | undefined;
  /** Of the newest segment. */
  #number: number;

  /**
   * @param segments - those that are there; they are not appended to
   * @param number - the highest that a segment ever had
   */
  constructor(directory: DurableDirectory, state: State, segments: readonly Segment[], number: number) {
    this.#directory = directory;
    this.#state = state;
    this.#closed = segments;
    this.#number = number;
  }

  /** Of all segments. */
  get bytes(): number {
    return this.#closed.reduce((sum, { bytes }) => sum + bytes, this.#open?.end ?? 0);
  }

  /**
   * Appends one line with all of `changes`; resolves with its size in bytes when it is durable.
   *
   * @throws whatever the file system throws. Nothing of it counts then.
   */
  async append(changes: readonly Change[]): Promise<number> {
    const line = encodeLine(changes);
    // Not when the store is opened: one on a full disk must still be readable.
    this.#open ??= await this.#begin();
    await this.#write(this.#open, line);
    return line.length;
  }

  /**
   * Begins a new segment.
   *
   * @returns its number: those before it are not needed once the documents have all that the state has now
   * @throws whatever the file system throws. The journal then goes on as it was.
   */
  async rotate(): Promise<number> {
    const before = this.#open;
    // A refused change must not stay in a segment that is never looked at again before it is replayed.
    if (before?.torn) await cut(before);
    this.#open = await this.#begin();
    if (before) {
      this.#closed = [...this.#closed, { number: before.number, bytes: before.end }];
      await before.handle.close();
    }
    return this.#open.number;
  }

  /** Deletes all segments before this number. */
  async drop(before: number): Promise<void> {
    for (const { number } of this.#closed) {
      if (number >= before) continue;
      await this.#directory.remove(segmentName(number));
      this.#closed = this.#closed.filter((one) => one.number !== number);
    }
  }

  async close(): Promise<void> {
    await this.#open?.handle.close();
  }

  async #begin(): Promise<OpenSegment> {
    const number = this.#number + 1;
    const head = encodeLine(headOf(this.#state));
    await this.#directory.write(segmentName(number), head.toString());
    const handle = await open(join(this.#directory.path, segmentName(number)), "r+");
    this.#number = number;
    return { number, handle, end: head.length, torn: false };
  }

  async #write(segment: OpenSegment, line: Buffer): Promise<void> {
    if (segment.torn) await cut(segment);
    segment.torn = true;
    try {
      await writeWhole(segment.handle, line, segment.end);
      await segment.handle.datasync();
    } catch (error) {
      // Otherwise a restart would find what was refused. What cannot be cut now is cut before the next line.
      await cut(segment).catch(() => undefined);
      throw error;
    }
    segment.torn = false;
    segment.end += line.length;
  }
}

async function cut(segment: OpenSegment): Promise<void> {
  await segment.handle.truncate(segment.end);
  segment.torn = false;
}

async function writeWhole(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}
