import createClient, { type Client } from "openapi-fetch";
import type { paths } from "./agent.generated.ts";
import type { AgentEvent, ExecQuery, InstanceUsage, LogRecord, LogsQuery } from "./agent-types.ts";
import type { ExecConnection } from "./exec.ts";
import { type FollowOptions, follow } from "./follow.ts";
import { ProblemError } from "./problem-error.ts";
import { readNdjson } from "./streams.ts";
import { UnreachableError } from "./unreachable-error.ts";

/** Where the agent is and how to talk to it. */
export interface AgentClientOptions {
  /** Base URL, e.g. `http://127.0.0.1:8081`. */
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token?: string | undefined;
  /** Longest wait for the head of an answer, in milliseconds. @default 30000 */
  readonly timeoutMs?: number;
}

/** Typed calls to an agent. Everything throws {@link ProblemError} or {@link UnreachableError}. */
export interface AgentClient {
  readonly url: string;
  /** Every call of the agent's OpenAPI document. Read its `data` with {@link answer}. */
  readonly api: Client<paths, "application/json">;
  /** The kept lines that the query asks for. */
  logs(app: string, query: LogsQuery): AsyncIterable<LogRecord>;
  /** The same, and then what comes, also over a restart of the agent. Ends when the signal says so. */
  followLogs(app: string, query: LogsQuery, options: FollowOptions): AsyncIterable<LogRecord>;
  /** What the app's instances use, a sample of each about once a second, also over a restart of the agent. */
  followStats(app: string, options: FollowOptions): AsyncIterable<InstanceUsage>;
  /** Runs a command inside a running instance of an app; the signal ends it. */
  exec(app: string, query: ExecQuery, options: { readonly signal: AbortSignal }): Promise<ExecConnection>;
  /** The events that the agent keeps. */
  events(query: { app?: string }): AsyncIterable<AgentEvent>;
  /** Events as they happen; with `after`, those since the event of that id first. */
  followEvents(query: { app?: string; after?: string }, options: FollowOptions): AsyncIterable<AgentEvent>;
}

/** A client of the agent at `url`. Nothing is sent yet. */
export function createAgentClient({ url, token, timeoutMs = 30_000 }: AgentClientOptions): AgentClient {
  const baseUrl = url.replace(/\/+$/, "");
  const api = createClient<paths, "application/json">({
    baseUrl,
    fetch: (request) => fetchHead(request, timeoutMs),
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
  return {
    url: baseUrl,
    api,
    ...streams(api),
    async exec(app, query, { signal }) {
      // Loaded late: no other call needs a WebSocket.
      const { ExecConnection } = await import("./exec.ts");
      return ExecConnection.open(app, query, { url: baseUrl, token, timeoutMs, signal });
    },
  };
}

/**
 * The body of a call's answer.
 *
 * @example const { apps } = await answer(client.api.GET("/v1/status"));
 */
export async function answer<T>(call: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data, response } = await call;
  if (data === undefined) throw await ProblemError.of(response);
  return data;
}

function streams(api: Client<paths, "application/json">): Omit<AgentClient, "url" | "api" | "exec"> {
  const accept = "text/event-stream";
  return {
    async *logs(app, query) {
      const call = api.GET("/v1/apps/{app}/logs", { params: { path: { app }, query }, parseAs: "stream" });
      yield* readNdjson<LogRecord>((await call).response);
    },
    followLogs(app, query, options) {
      return follow<LogRecord>(async (lastId) => {
        // What was asked for is where to begin; after a break the last cursor says that.
        const { tail: _tail, since: _since, ...rest } = query;
        const from = lastId === undefined ? query : { ...rest, after: lastId };
        const { response } = await api.GET("/v1/apps/{app}/logs", {
          params: { path: { app }, query: { ...from, follow: true } },
          headers: { accept },
          parseAs: "stream",
          signal: options.signal,
        });
        return response;
      }, options);
    },
    followStats(app, options) {
      return follow<InstanceUsage>(async () => {
        const { response } = await api.GET("/v1/apps/{app}/stats", {
          params: { path: { app }, query: { follow: true } },
          headers: { accept },
          parseAs: "stream",
          signal: options.signal,
        });
        return response;
      }, options);
    },
    async *events(query) {
      const call = api.GET("/v1/events", { params: { query: { ...query, follow: false } }, parseAs: "stream" });
      yield* readNdjson<AgentEvent>((await call).response);
    },
    followEvents({ after, ...query }, options) {
      return follow<AgentEvent>(async (lastId) => {
        const from = lastId ?? after;
        const { response } = await api.GET("/v1/events", {
          params: { query },
          headers: { accept, ...(from === undefined ? {} : { "last-event-id": from }) },
          parseAs: "stream",
          signal: options.signal,
        });
        return response;
      }, options);
    },
  };
}

/** A web page that answers 200 to everything is no agent. */
function isOfDamson({ headers }: Response): boolean {
  return /^(application\/(x-nd)?json|text\/event-stream)\b/.test(headers.get("content-type") ?? "");
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
