import { isUtf8 } from "node:buffer";
import type { LogStream } from "@damson/plugin-sdk";
import type { Frame } from "./frames.ts";
import { type Moment, momentOf } from "./moment.ts";

/** A longer line comes in parts. */
const MAX_LINE_BYTES = 65_536;
/**
 * Docker cuts what an app writes into pieces of this size, all with one timestamp; a shorter one ends its line, also without
 * a line break, which one of its log drivers loses.
 */
const PIECE_BYTES = 16_384;
const NEWLINE = 10;
const SPACE = 32;

/** A line, or a part of one, as the engine has it. */
export interface RawLine {
  readonly stream: LogStream;
  readonly moment: Moment;
  readonly text: string;
  /** The exact bytes, only when they are no UTF-8. */
  readonly base64?: string;
  readonly partial?: true;
}

interface Open {
  readonly moment: Moment;
  readonly pieces: Buffer[];
  size: number;
}

/** Puts lines together from the pieces that an engine gives, each with its timestamp before it. */
export class LineBuilder {
  readonly #open = new Map<LogStream, Open>();
  readonly #onlyBreaksEnd: boolean;

  /** @param onlyBreaksEnd whether pieces of any size and time are one line until a line break, as Podman has it */
  constructor({ onlyBreaksEnd = false } = {}) {
    this.#onlyBreaksEnd = onlyBreaksEnd;
  }

  /** The lines that are whole with this piece, or too long to wait for their end. */
  add({ stream, data }: Frame): RawLine[] {
    const space = data.indexOf(SPACE);
    const moment = momentOf(data.toString("latin1", 0, Math.max(space, 0)));
    if (moment === undefined) return [];
    const lines: RawLine[] = [];
    let open = this.#open.get(stream);
    // All pieces of a line have one timestamp: another one shows that the last line ended with a full piece.
    if (open && open.moment !== moment && !this.#onlyBreaksEnd) {
      lines.push(lineOf(stream, open));
      open = undefined;
    }
    const isEnd = data.at(-1) === NEWLINE;
    const piece = data.subarray(space + 1, isEnd ? -1 : data.length);
    open ??= { moment, pieces: [], size: 0 };
    open.pieces.push(piece);
    open.size += piece.length;
    if (open.size > MAX_LINE_BYTES) {
      const bytes = Buffer.concat(open.pieces);
      const length = partLength(bytes);
      lines.push({ ...lineOf(stream, { moment: open.moment, pieces: [bytes.subarray(0, length)] }), partial: true });
      open = { moment, pieces: [bytes.subarray(length)], size: bytes.length - length };
    }
    if (isEnd || (piece.length < PIECE_BYTES && !this.#onlyBreaksEnd)) {
      lines.push(lineOf(stream, open));
      this.#open.delete(stream);
    } else {
      this.#open.set(stream, open);
    }
    return lines;
  }

  /** What was never ended. */
  end(): RawLine[] {
    const lines = [...this.#open].map(([stream, open]) => lineOf(stream, open));
    this.#open.clear();
    return lines;
  }
}

/** Length of a part of a long line: the longest that cuts no UTF-8 character in two. */
function partLength(bytes: Buffer): number {
  for (let length = MAX_LINE_BYTES; length > MAX_LINE_BYTES - 4; length -= 1) {
    if (((bytes[length] ?? 0) & 0xc0) !== 0x80) return length;
  }
  return MAX_LINE_BYTES;
}

function lineOf(stream: LogStream, { moment, pieces }: Pick<Open, "moment" | "pieces">): RawLine {
  const [only] = pieces;
  const bytes = pieces.length === 1 && only ? only : Buffer.concat(pieces);
  const text = bytes.toString("utf8");
  return { stream, moment, text, ...(isUtf8(bytes) ? {} : { base64: bytes.toString("base64") }) };
}
