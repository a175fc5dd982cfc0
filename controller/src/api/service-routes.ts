import type { Routes } from "@damson/core/http";
import { DamsonError } from "@damson/plugin-sdk";
import { Type } from "typebox";
import { discover } from "../services/discovery.ts";
import { Resolver } from "../services/resolve.ts";
import type { ApiParts } from "./routes.ts";
import { NoContent } from "./schema/common.ts";
import {
  DiscoveryQuery,
  Endpoint,
  RegisterQuery,
  RegisterRequest,
  ResolveQuery,
  ServiceHeartbeat,
  ServiceInstanceQuery,
} from "./schema/services.ts";

const tags = ["services"];

export function serviceRoutes({ parts, nodes, services }: ApiParts): Routes {
  return async (app) => {
    const register = {
      tags,
      summary: "Tell where an instance answers",
      description: "An instance of a deployment can register only from the node and while it is to run there.",
      querystring: RegisterQuery,
      body: RegisterRequest,
      response: { 204: NoContent },
    };
    app.post("/v1/services/register", { schema: register }, async (request, reply) => {
      await services.register(request.body);
      await nodes.extend(request.body.nodeId);
      return reply.code(204).send(null);
    });

    const heartbeat = {
      tags,
      summary: "Tell that an instance still answers",
      body: ServiceHeartbeat,
      response: { 204: NoContent },
    };
    app.post("/v1/services/heartbeat", { schema: heartbeat }, async (request, reply) => {
      await services.heartbeat(request.body);
      return reply.code(204).send(null);
    });

    const deregister = {
      tags,
      summary: "Forget where an instance answers",
      querystring: ServiceInstanceQuery,
      response: { 204: NoContent },
    };
    app.delete("/v1/services", { schema: deregister }, async (request, reply) => {
      await services.deregister(request.query.instanceId);
      return reply.code(204).send(null);
    });

    const list = { tags, summary: "Names of all services", response: { 200: Type.Array(Type.String()) } };
    app.get("/v1/services/list", { schema: list }, async () => services.index.names());

    const discovery = {
      tags,
      summary: "Where a service answers",
      querystring: DiscoveryQuery,
      response: { 200: Type.Array(Endpoint) },
    };
    app.get("/v1/discovery", { schema: discovery }, async (request) => {
      const { service, ...filters } = request.query;
      if (service === undefined) throw serviceRequired();
      return discover(parts.objects, services, { service, ...filters });
    });

    const resolver = new Resolver();
    const resolve = {
      tags,
      summary: "One place where a service answers",
      description: "Of those that are healthy. 404 while there is none.",
      querystring: ResolveQuery,
      response: { 200: Endpoint },
    };
    app.get("/v1/resolve", { schema: resolve }, async (request) => {
      const { strategy, hashKey, ...query } = request.query;
      const [first, ...others] = discover(parts.objects, services, query);
      if (!first) throw noEndpoint(query.service);
      return resolver.pick([first, ...others], {
        ...(strategy !== undefined && { strategy }),
        ...(hashKey !== undefined && { hashKey }),
      });
    });
  };
}

function noEndpoint(service: string): DamsonError {
  return new DamsonError("NO_ENDPOINT", `"${service}" answers nowhere now`, {
    status: 404,
    retryable: true,
    remedy: `GET /v1/discovery?service=${service}&all=true shows endpoints that are not healthy, too.`,
  });
}

function serviceRequired(): DamsonError {
  return new DamsonError("SERVICE_REQUIRED", "service required", {
    status: 400,
    remedy: "Ask with ?service=…; GET /v1/services/list has all names.",
  });
}
