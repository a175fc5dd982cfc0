import type { Routes } from "@damson/core/http";
import type { ApiParts } from "./routes.ts";
import { NoContent } from "./schema/common.ts";
import { StatusBatchAnswer, StatusesRequest } from "./schema/statuses.ts";

export function statusRoutes(_api: ApiParts): Routes {
  return async (app) => {
    app.post(
      "/v1/instances/status",
      {
        schema: {
          tags: ["nodes"],
          summary: "Tell how instances are",
          body: StatusesRequest,
          response: { 200: StatusBatchAnswer, 204: NoContent },
        },
      },
      later,
    );
  };
}

async function later(): Promise<never> {
  throw new Error("not there yet");
}
