import type { Routes } from "@damson/core/http";
import { Type } from "typebox";
import type { ApiParts } from "./routes.ts";
import { NoContent } from "./schema/common.ts";
import {
  DiscoveryQuery,
  Endpoint,
  RegisterQuery,
  RegisterRequest,
  ServiceHeartbeat,
  ServiceInstanceQuery,
} from "./schema/services.ts";

export function serviceRoutes(_api: ApiParts): Routes {
  return async (app) => {
    app.post(
      "/v1/services/register",
      {
        schema: {
          tags: ["services"],
          summary: "Tell where an instance answers",
          querystring: RegisterQuery,
          body: RegisterRequest,
          response: { 204: NoContent },
        },
      },
      later,
    );
    app.post(
      "/v1/services/heartbeat",
      {
        schema: {
          tags: ["services"],
          summary: "Tell that an instance still answers",
          body: ServiceHeartbeat,
          response: { 204: NoContent },
        },
      },
      later,
    );
    app.delete(
      "/v1/services",
      {
        schema: {
          tags: ["services"],
          summary: "Forget where an instance answers",
          querystring: ServiceInstanceQuery,
          response: { 204: NoContent },
        },
      },
      later,
    );
    app.get(
      "/v1/services/list",
      {
        schema: { tags: ["services"], summary: "Names of all services", response: { 200: Type.Array(Type.String()) } },
      },
      later,
    );
    app.get(
      "/v1/discovery",
      {
        schema: {
          tags: ["services"],
          summary: "Where a service answers",
          querystring: DiscoveryQuery,
          response: { 200: Type.Array(Endpoint) },
        },
      },
      later,
    );
  };
}

async function later(): Promise<never> {
  throw new Error("not there yet");
}
