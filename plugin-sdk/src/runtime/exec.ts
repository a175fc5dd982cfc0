import type { LogStream } from "./logs.ts";

/** A command to run inside a unit, beside its own program. */
export interface ExecRequest {
  /** The program, found as inside the unit, and its arguments. */
  readonly command: readonly string[];
  /** Added to what the unit's own program sees. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Absolute. @default the unit's own */
  readonly workingDir?: string;
  /** @default the unit's own */
  readonly user?: string;
  /**
   * Gives it a terminal of this size, which may come a moment after its start; its output is then one stream, `stdout`.
   *
   * @default none
   */
  readonly terminal?: TerminalSize;
}

/** Size of a terminal in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Some bytes that the command wrote. */
export interface ExecOutput {
  readonly stream: LogStream;
  readonly data: Uint8Array;
}

/** A command that runs inside a unit. It is ended when the `signal` of `exec` aborts, as well as its system can do that. */
export interface ExecSession {
  /** What it writes, until it has ended. Read it: a command whose output nobody takes is held up. */
  readonly output: AsyncIterable<ExecOutput>;
  /** Resolves when more may be written. What is written to a command that has closed its input is dropped. */
  write(data: Uint8Array): Promise<void>;
  /** Closes its input. */
  end(): void;
  resize(size: TerminalSize): Promise<void>;
  /** Its exit code, once `output` has ended; `null` when nobody knows it. */
  exitCode(): Promise<number | null>;
}
