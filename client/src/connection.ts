import createClient, { type Client } from "openapi-fetch";
import { fetchWhole } from "./fetch-whole.ts";
import { ProblemError } from "./problem-error.ts";
import { UnreachableError } from "./unreachable-error.ts";

/** Where a server is and how to talk to it. */
export interface ClientOptions {
  /** Base URL, e.g. `http://127.0.0.1:8081`. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token?: string | undefined;
  /** Longest wait for the head of an answer, in milliseconds. @default 30000 */
  readonly timeoutMs?: number;
  /**
   * For a server that is not trusted: its answers must be whole within `timeoutMs`, have at most so many bytes, and lead
   * nowhere else. @default they may take their time, have any size, and redirects are followed
   */
  readonly maxAnswerBytes?: number;
}

/** Typed calls to one server. */
export interface Connection<Paths extends object> {
  /** Base URL, without a slash at its end. */
  readonly url: string;
  readonly api: Client<Paths, "application/json">;
}

/** Calls to the server at `url` that throw what is wrong. Nothing is sent yet. */
export function connect<Paths extends object>(options: ClientOptions): Connection<Paths> {
  const { url, token, timeoutMs = 30_000, maxAnswerBytes } = options;
  const baseUrl = url.replace(/\/+$/, "");
  const api = createClient<Paths, "application/json">({
    baseUrl,
    fetch: (request) =>
      maxAnswerBytes === undefined ? fetchHead(request, timeoutMs) : fetchWhole(request, { timeoutMs, maxAnswerBytes }),
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  });
  api.use({
    onResponse: async ({ response }) => {
      if (!response.ok || !isOfDamson(response)) throw await ProblemError.of(response);
    },
    onError: ({ error, request }) => {
      if (request.signal.aborted || error instanceof ProblemError) return undefined;
      return new UnreachableError(baseUrl, error);
    },
  });
  return { url: baseUrl, api };
}

/**
 * The body of a call's answer; `undefined` when the answer is 204, and has none.
 *
 * @example const { apps } = await answer(client.api.GET("/v1/status"));
 */
export async function answer<T>(call: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data, response } = await call;
  // A call that can answer 204 has a type for it that says so.
  if (data === undefined && response.status !== 204) throw await ProblemError.of(response);
  return data as T;
}

/** A web page that answers 200 to everything is no server of Damson's. */
function isOfDamson({ status, headers }: Response): boolean {
  return status === 204 || /^(application\/(x-nd)?json|text\/event-stream)\b/.test(headers.get("content-type") ?? "");
}

/** The limit holds for the head only: a stream may last. */
async function fetchHead(request: Request, timeoutMs: number): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`nothing came within ${timeoutMs / 1_000} s`)), timeoutMs);
  try {
    return await fetch(request, { signal: AbortSignal.any([request.signal, late.signal]) });
  } finally {
    clearTimeout(timer);
  }
}
