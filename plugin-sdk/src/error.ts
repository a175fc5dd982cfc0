/** Where a fault lies in a document: a JSON pointer, and the line and column when the source text is known. */
export interface ErrorPlace {
  /** File as the user named it, e.g. `plugins.yaml`. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  /** Path inside the document in the user's words, e.g. `pkg.ports[0].host_port`; empty for the whole document. */
  readonly path?: string;
}

/** One fault out of several that were found together. */
export interface Issue extends ErrorPlace {
  /** What is wrong, in one sentence without a full stop, e.g. `expected string, got number 5`. Never holds a secret. */
  readonly message: string;
  /** What would have been right, e.g. `Did you mean "socket_path"?`. */
  readonly hint?: string;
  /** The values or keys that would have been accepted here. */
  readonly allowed?: readonly string[];
}

/** What {@link DamsonError} takes beside its code and message. */
export interface DamsonErrorOptions {
  /** HTTP status that an API answers with. @default 500 */
  readonly status?: number;
  /** What the user can do about it, as a full sentence. */
  readonly remedy?: string;
  /** Every fault found, when there may be several. */
  readonly issues?: readonly Issue[];
  /** Whether the same call may succeed later without a change by the user. @default false */
  readonly retryable?: boolean;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

const TAG = Symbol.for("damson.error");

/**
 * The one error type that crosses package borders.
 *
 * `code` is stable: programs match on it, so a published code never changes its meaning. `message` is for people and
 * may change. Recognise it with {@link isDamsonError}, not with `instanceof`: a plugin may bring its own copy of this
 * package, whose class is a different one.
 */
export class DamsonError extends Error {
  override readonly name = "DamsonError";
  /** Upper snake case, e.g. `COMMAND_NOT_FOUND`. */
  readonly code: string;
  readonly status: number;
  readonly remedy: string | undefined;
  readonly issues: readonly Issue[];
  readonly retryable: boolean;

  constructor(code: string, message: string, options: DamsonErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? 500;
    this.remedy = options.remedy;
    this.issues = options.issues ?? [];
    this.retryable = options.retryable ?? false;
    Object.defineProperty(this, TAG, { value: true });
  }
}

/** Whether `value` is a {@link DamsonError} of any copy of this package. */
export function isDamsonError(value: unknown): value is DamsonError {
  return value instanceof Error && TAG in value;
}

/** Whether `thrown` is a system error with one of these codes, e.g. `ENOENT`. */
export function hasCode(thrown: unknown, ...codes: string[]): boolean {
  return thrown instanceof Error && "code" in thrown && codes.includes(String(thrown.code));
}

/** A text for a value that was thrown, whatever it is. Never empty, and never throws. */
export function errorText(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return String(thrown) || "an empty value was thrown";
    // Node leaves the message empty when it has tried several addresses in vain; the code then says it.
    const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : thrown.name;
    return String(thrown.message) || code || "Error";
  } catch {
    return "a value without a text was thrown";
  }
}
