import { EXIT } from "./exit-codes.ts";

/** One fault, with its place in a file or document. */
export interface CliIssue {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly path?: string;
  readonly message: string;
  readonly hint?: string;
  readonly allowed?: readonly string[];
}

/** What {@link CliError} takes beside its code and message. */
export interface CliErrorOptions {
  /** @default EXIT.failed */
  readonly exitCode?: number;
  /** What to do about it, as a full sentence. */
  readonly remedy?: string | undefined;
  readonly issues?: readonly CliIssue[];
  /** To find the call in the server's log. */
  readonly request_id?: string | undefined;
  readonly cause?: unknown;
}

/** Something that the command line itself found wrong. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: string;
  readonly exitCode: number;
  readonly remedy: string | undefined;
  readonly issues: readonly CliIssue[];
  readonly request_id: string | undefined;

  constructor(code: string, message: string, options: CliErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.exitCode = options.exitCode ?? EXIT.failed;
    this.remedy = options.remedy;
    this.issues = options.issues ?? [];
    this.request_id = options.request_id;
  }
}

/** An error in how the command was called. */
export function usageError(message: string, remedy?: string): CliError {
  return new CliError("USAGE", message, { exitCode: EXIT.usage, ...(remedy === undefined ? {} : { remedy }) });
}

/** Several faults found together; the message is what they say, a line each. */
export function issuesError(code: string, issues: readonly CliIssue[], exitCode: number): CliError {
  return new CliError(code, issues.map(({ message }) => message).join("\n"), { issues, exitCode });
}
