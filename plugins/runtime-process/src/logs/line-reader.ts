import { type FileHandle, open } from "node:fs/promises";
import { hasCode } from "@damson/plugin-sdk";

const CHUNK = 65_536;
/** A longer line comes in parts of at most this many bytes. */
export const LONGEST_LINE = 65_536;
const NEWLINE = 10;

/** One line, or part of one, as it stands in the file. */
export interface RawLine {
  /** Without the line break. */
  readonly bytes: Buffer;
  /** Offset right after it and its line break. */
  readonly end: number;
  readonly partial: boolean;
  /** Bytes before it that were dropped. */
  readonly skipped: number;
}

/** Reads the lines of a file that grows, and whose beginning may be dropped meanwhile. Never holds more than a chunk. */
export class LineReader {
  readonly #path: string;
  readonly #head: () => number;
  #file: FileHandle | undefined;
  /** Offset of the first byte of `#rest`. */
  #offset: number;
  #rest = Buffer.alloc(0);
  #skipped = 0;
  /** The beginning of the line at hand was dropped, so its end is no line. */
  #beheaded = false;
  #closed = false;

  /** `head` tells from which offset on there is data now. */
  constructor(path: string, offset: number, head: () => number) {
    this.#path = path;
    this.#offset = offset;
    this.#head = head;
  }

  /** Offset of what {@link next} gives next. */
  get offset(): number {
    return this.#offset;
  }

  /** The next line that is in memory. When there is none, {@link fill} may bring some. */
  next(): RawLine | undefined {
    const newline = this.#rest.indexOf(NEWLINE);
    if (this.#beheaded) {
      this.#skip(newline < 0 ? this.#rest.length : newline + 1);
      this.#beheaded = newline < 0;
      return newline < 0 ? undefined : this.next();
    }
    if (newline >= 0 && newline <= LONGEST_LINE) return this.#take(newline, 1, false);
    if (this.#rest.length > LONGEST_LINE) return this.#take(partLength(this.#rest), 0, true);
    return undefined;
  }

  /** What is left behind the last line break, when nothing will come after it, or `partial` when something may. */
  last(partial: boolean): RawLine | undefined {
    return this.#rest.length === 0 ? undefined : this.#take(this.#rest.length, 0, partial);
  }

  /** Reads more of the file. `false` at its present end. */
  async fill(): Promise<boolean> {
    this.#behead();
    const file = await this.#open();
    if (!file) return false;
    const position = this.#offset + this.#rest.length;
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, position);
    if (bytesRead === 0) return this.#emptied(file, position);
    // What was dropped while it was read may have been read as zeros.
    if (this.#head() > this.#offset) return this.fill();
    const chunk = buffer.subarray(0, bytesRead);
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    return true;
  }

  /** Ends the reading; {@link fill} brings nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  #take(length: number, lineBreak: number, partial: boolean): RawLine {
    const bytes = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length + lineBreak);
    this.#offset += length + lineBreak;
    const skipped = this.#skipped;
    this.#skipped = 0;
    return { bytes, end: this.#offset, partial, skipped };
  }

  #skip(length: number): void {
    this.#rest = this.#rest.subarray(length);
    this.#offset += length;
    this.#skipped += length;
  }

  #behead(): void {
    const head = this.#head();
    if (head <= this.#offset) return;
    this.#skipped += head - this.#offset;
    this.#offset = head;
    this.#rest = Buffer.alloc(0);
    this.#beheaded = true;
  }

  /** The app may have truncated its log; then it is read from its beginning. */
  async #emptied(file: FileHandle, position: number): Promise<boolean> {
    if (this.#closed || (await file.stat()).size >= position) return false;
    this.#offset = 0;
    this.#rest = Buffer.alloc(0);
    return this.fill();
  }

  async #open(): Promise<FileHandle | undefined> {
    if (this.#closed) return undefined;
    try {
      const file = this.#file ?? (await open(this.#path, "r"));
      this.#file = file;
      if (!this.#closed) return file;
      await this.close();
      return undefined;
    } catch (error) {
      if (hasCode(error, "ENOENT")) return undefined;
      throw error;
    }
  }
}

/** Length of a part of a long line: the longest that cuts no UTF-8 character in two. */
function partLength(bytes: Buffer): number {
  for (let length = LONGEST_LINE; length > LONGEST_LINE - 4; length -= 1) {
    if (((bytes[length] ?? 0) & 0xc0) !== 0x80) return length;
  }
  return LONGEST_LINE;
}
