import { lastEventId, ndjson, type Routes, type SseEvent, sse } from "@damson/core/http";
import { durationMs } from "@damson/plugin-sdk";
import type { ApiParts } from "./routes.ts";
import { AuditList, AuditQuery, ControllerEvent, EventsQuery } from "./schema/records.ts";

const AUDIT_LIMIT = 100;

/** What happened, and what was asked for. */
export function recordRoutes({ parts }: ApiParts): Routes {
  const { events, audit, now } = parts;
  return async (app) => {
    const eventsSchema = {
      tags: ["observe"],
      summary: "What happens on the controller and its nodes",
      description:
        "Server-sent events; `Last-Event-ID` resumes, also over a restart. An event `events.lost` says that some in between " +
        "are no longer known. With `follow=false`: what is kept, as NDJSON, oldest first.",
      querystring: EventsQuery,
      response: {
        200: {
          description: "An event each",
          content: {
            "text/event-stream": { schema: ControllerEvent },
            "application/x-ndjson": { schema: ControllerEvent },
          },
        },
      },
    };
    app.get("/v1/events", { schema: eventsSchema }, async (request, reply) => {
      const { deployment, node, limit, follow = true } = request.query;
      const wanted = (event: ControllerEvent): boolean =>
        event.type === "events.lost" ||
        ((node === undefined || event.nodeId === node) &&
          (deployment === undefined || event.deploymentId === deployment || event.deployment === deployment));
      const after = lastEventId(request);
      if (!follow) {
        const kept = events.since(after).filter(wanted);
        return ndjson(reply, async function* () {
          yield* limit === undefined ? kept : kept.slice(-limit);
        });
      }
      const kept = after === undefined && limit !== undefined ? events.since() : [];
      const first = kept.filter(wanted).slice(-(limit ?? 0));
      return sse(reply, async function* (signal) {
        for (const event of first) yield sent(event);
        for await (const event of events.follow(after ?? kept.at(-1)?.id, signal)) {
          if (wanted(event)) yield sent(event);
        }
      });
    });

    const auditSchema = {
      tags: ["observe"],
      summary: "Which changes were asked for, by whom, and what became of them",
      querystring: AuditQuery,
      response: { 200: AuditList },
    };
    app.get("/v1/audit", { schema: auditSchema }, async ({ query: { limit = AUDIT_LIMIT, object, since } }) => {
      // Nothing is older than 1970.
      const from = since === undefined ? "" : new Date(Math.max(now().getTime() - durationMs(since), 0)).toISOString();
      const wanted = (record: { time: string; object?: string }): boolean =>
        record.time >= from && (object === undefined || record.object === object);
      return { records: await audit.newest(limit, wanted) };
    });
  };
}

function sent(event: ControllerEvent): SseEvent {
  return { id: event.id, event: event.type, data: event };
}
