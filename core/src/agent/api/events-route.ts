import { lastEventId, ndjson, type Routes, sse } from "../../http/index.ts";
import { AgentEvent } from "../schema/records.ts";
import { EventsQuery } from "../schema/requests.ts";
import type { ApiParts } from "./routes.ts";

export function eventsRoute({ agent }: ApiParts): Routes {
  return async (app) => {
    const schema = {
      tags: ["observe"],
      summary: "What happens on this agent",
      description:
        "Server-sent events; `Last-Event-ID` resumes. An event `events.lost` says that some in between are no longer " +
        "known. With `follow=false`: what is kept, as NDJSON.",
      querystring: EventsQuery,
      response: {
        200: {
          description: "An event each",
          content: { "text/event-stream": { schema: AgentEvent }, "application/x-ndjson": { schema: AgentEvent } },
        },
      },
    };
    app.get("/v1/events", { schema }, async (request, reply) => {
      const { app: name, follow = true } = request.query;
      const wanted = (event: AgentEvent): boolean =>
        name === undefined || event.app === name || event.type === "events.lost";
      const after = lastEventId(request);
      if (!follow) {
        const kept = agent.events.since(after).filter(wanted);
        return ndjson(reply, async function* () {
          yield* kept;
        });
      }
      return sse(reply, async function* (signal) {
        for await (const event of agent.events.follow(after, signal)) {
          if (wanted(event)) yield { id: event.id, event: event.type, data: event };
        }
      });
    });
  };
}
