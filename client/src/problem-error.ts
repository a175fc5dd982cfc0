/** One fault in what was sent. */
export interface ProblemIssue {
  /** File as the server named it, e.g. `plugins.yaml`, with line and column, both from 1. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Where it is in the document, e.g. `pkg.ports[0].host_port`; empty for the whole document. */
  readonly path?: string;
  readonly message: string;
  /** What would have been right. */
  readonly hint?: string;
  /** The values or keys that would have been accepted. */
  readonly allowed?: readonly string[];
}

/** A problem document as Damson's APIs answer it (RFC 9457). */
export interface Problem {
  readonly status: number;
  /** Stable, upper snake case, e.g. `APP_NOT_FOUND`. */
  readonly code: string;
  readonly detail: string;
  /** What to do about it, as a full sentence. */
  readonly remedy?: string;
  readonly errors?: readonly ProblemIssue[];
  readonly request_id?: string;
}

/** The server answered with an error. `message` is the problem's `detail`. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }

  /** The problem in a text that should be a problem document. */
  static parse(text: string): ProblemError {
    const unreadable = {
      status: 502,
      code: "ANSWER_UNEXPECTED",
      detail: `not a problem document: ${text.slice(0, 200)}`,
    };
    return new ProblemError(readProblem(text) ?? unreadable);
  }

  /** The problem of an answer that is not 2xx, also when something between here and the server answered it. */
  static async of(response: Response): Promise<ProblemError> {
    const text = await response.text();
    return new ProblemError(readProblem(text) ?? foreignProblem(response, text));
  }
}

function readProblem(text: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isProblem(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether `value` is a problem document. */
export function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false;
  return "code" in value && typeof value.code === "string" && "detail" in value && typeof value.detail === "string";
}

function foreignProblem(response: Response, text: string): Problem {
  const excerpt = text.trim().slice(0, 200);
  return {
    status: response.status,
    code: "ANSWER_UNEXPECTED",
    detail: `${response.url} answered ${response.status} ${response.statusText}${excerpt && `: ${excerpt}`}`,
    remedy: "Check that the URL is that of a Damson server.",
  };
}
