/** Which of a unit's two outputs a line came from. */
export type LogStream = "stdout" | "stderr";

/** Which lines to read. */
export interface LogQuery {
  /** Go on with new lines as they come, until `signal` aborts or the unit has ended and all was read. @default false */
  readonly follow?: boolean;
  /** Begin with the last this many lines. @default all that is kept */
  readonly tail?: number;
  /** Leave out what was certainly written before this moment. Precise to a few seconds. */
  readonly since?: Date;
  /** Begin right after the line with this cursor. Wins over `tail` and `since`. */
  readonly after?: string;
  /** Only this stream. @default both */
  readonly stream?: LogStream;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

/** One line of output, or a part of one that is longer than 64 KiB. */
export interface LogLine {
  /** Resumes right after this line when given as `after`. Opaque; stays valid for the life of the instance. */
  readonly cursor: string;
  readonly stream: LogStream;
  /** ISO 8601: not later than this was the line seen on disk; `null` when unknown. */
  readonly time: string | null;
  /** Without the line break. Bytes that are not UTF-8 stand as U+FFFD; `base64` then has them exactly. */
  readonly text: string;
  /** The exact bytes, only when they are not valid UTF-8. */
  readonly base64?: string;
  /** The line goes on in the next one of this stream. */
  readonly partial?: true;
  /**
   * This many bytes before this line were dropped to keep within the limit on disk. `null`: some may have been, and
   * nobody knows how many.
   */
  readonly skipped?: number | null;
}
