import type { Client } from "openapi-fetch";
import type { paths } from "./agent.generated.ts";
import type { AgentEvent, ExecQuery, InstanceUsage, LogRecord, LogsQuery } from "./agent-types.ts";
import { type ClientOptions, connect } from "./connection.ts";
import type { ExecConnection } from "./exec.ts";
import { type FollowOptions, follow } from "./follow.ts";
import { readNdjson } from "./streams.ts";

/** Typed calls to an agent. Everything throws `ProblemError` or `UnreachableError`. */
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
export function createAgentClient(options: ClientOptions): AgentClient {
  const { url, api } = connect<paths>(options);
  return {
    url,
    api,
    ...streams(api),
    async exec(app, query, { signal }) {
      const { token, timeoutMs = 30_000 } = options;
      // Loaded late: no other call needs a WebSocket.
      const { ExecConnection } = await import("./exec.ts");
      return ExecConnection.open(app, query, { url, token, timeoutMs, signal });
    },
  };
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
