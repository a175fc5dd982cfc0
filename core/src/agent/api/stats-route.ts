import { ndjson, type Routes, sse } from "../../http/index.ts";
import { appStats, followStats } from "../app-stats.ts";
import { InstanceUsage, UsageList } from "../schema/records.ts";
import { AppParams, StatsQuery } from "../schema/requests.ts";
import type { ApiParts } from "./routes.ts";

export function statsRoute({ agent }: ApiParts): Routes {
  return async (app) => {
    const schema = {
      tags: ["observe"],
      summary: "What each running instance uses",
      description:
        "With `follow`: a record for each sample of an instance, about once a second, as NDJSON, or as server-sent events " +
        "with `Accept: text/event-stream`. Processor time in percent is the difference of two samples.",
      params: AppParams,
      querystring: StatsQuery,
      response: {
        200: {
          description: "All instances, or with `follow` a sample each",
          content: {
            "application/json": { schema: UsageList },
            "application/x-ndjson": { schema: InstanceUsage },
            "text/event-stream": { schema: InstanceUsage },
          },
        },
      },
    };
    app.get("/v1/apps/:app/stats", { schema }, async (request, reply) => {
      const found = agent.app(request.params.app);
      if (request.query.follow !== true) {
        const instances = await appStats(found);
        return reply.type("application/json; charset=utf-8").send({ instances });
      }
      const asEvents = request.headers.accept?.includes("text/event-stream") === true;
      if (!asEvents) return ndjson(reply, (signal) => followStats(agent, found, signal));
      return sse(reply, async function* (signal) {
        for await (const data of followStats(agent, found, signal)) yield { event: "usage", data };
      });
    });
  };
}
