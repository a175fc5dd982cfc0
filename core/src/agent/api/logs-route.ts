import { lastEventId, ndjson, type Routes, sse } from "../../http/index.ts";
import { appLogs, checkCursors } from "../app-logs.ts";
import { LogRecord } from "../schema/records.ts";
import { AppParams, LogsQuery } from "../schema/requests.ts";
import type { ApiParts } from "./routes.ts";

export function logsRoute({ agent }: ApiParts): Routes {
  return async (app) => {
    const schema = {
      tags: ["observe"],
      summary: "Lines that an app wrote",
      description:
        "NDJSON, or server-sent events with `Accept: text/event-stream`; the id of an event resumes right after its line. " +
        "`tail` counts per instance.",
      params: AppParams,
      querystring: LogsQuery,
      response: {
        200: {
          description: "A line each",
          content: { "application/x-ndjson": { schema: LogRecord }, "text/event-stream": { schema: LogRecord } },
        },
      },
    };
    app.get("/v1/apps/:app/logs", { schema }, async (request, reply) => {
      const asEvents = request.headers.accept?.includes("text/event-stream") === true;
      const after = lastEventId(request) ?? request.query.after;
      const query = { ...request.query, ...(after === undefined ? {} : { after }) };
      const found = agent.app(request.params.app);
      const lines = appLogs(agent, found, query, new Date());
      await checkCursors(found, query);
      if (!asEvents) {
        return ndjson(reply, async function* (signal) {
          for await (const { record } of lines(signal)) yield record;
        });
      }
      return sse(reply, async function* (signal) {
        for await (const { record, position } of lines(signal)) yield { id: position, event: "line", data: record };
      });
    });
  };
}
