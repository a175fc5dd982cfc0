import type { Routes } from "@damson/core/http";
import type { ApiParts } from "./routes.ts";
import { ChangeQuery, NoContent } from "./schema/common.ts";
import { DrainRequest, Heartbeat, HeartbeatAnswer, Node, NodeList, NodeParams, StreamQuery } from "./schema/nodes.ts";

export function nodeRoutes(_api: ApiParts): Routes {
  return async (app) => {
    app.post(
      "/v1/nodes/heartbeat",
      {
        schema: {
          tags: ["nodes"],
          summary: "Tell of a node: it is there, and what it can",
          body: Heartbeat,
          response: { 200: HeartbeatAnswer },
        },
      },
      later,
    );
    app.get("/v1/nodes", { schema: { tags: ["nodes"], summary: "Every node", response: { 200: NodeList } } }, later);
    app.get(
      "/v1/nodes/:nodeId",
      { schema: { tags: ["nodes"], summary: "One node", params: NodeParams, response: { 200: Node } } },
      later,
    );
    app.delete(
      "/v1/nodes/:nodeId",
      {
        schema: {
          tags: ["nodes"],
          summary: "Forget a node that nothing is placed on",
          params: NodeParams,
          querystring: ChangeQuery,
          response: { 204: NoContent },
        },
      },
      later,
    );
    app.post(
      "/v1/nodes/:nodeId/cordon",
      {
        schema: {
          tags: ["nodes"],
          summary: "Place nothing more on a node",
          params: NodeParams,
          querystring: ChangeQuery,
          response: { 200: Node },
        },
      },
      later,
    );
    app.post(
      "/v1/nodes/:nodeId/uncordon",
      {
        schema: {
          tags: ["nodes"],
          summary: "Place on a node again",
          params: NodeParams,
          querystring: ChangeQuery,
          response: { 200: Node },
        },
      },
      later,
    );
    app.post(
      "/v1/nodes/:nodeId/drain",
      {
        schema: {
          tags: ["nodes"],
          summary: "Cordon a node, and move its instances away",
          params: NodeParams,
          querystring: ChangeQuery,
          body: DrainRequest,
          response: { 200: Node },
        },
      },
      later,
    );
    app.get(
      "/v1/stream",
      {
        schema: {
          tags: ["nodes"],
          summary: "Server-sent events that tell a node to fetch its assignments",
          querystring: StreamQuery,
          response: { 200: { description: "Server-sent events", content: { "text/event-stream": { schema: {} } } } },
        },
      },
      later,
    );
  };
}

async function later(): Promise<never> {
  throw new Error("not there yet");
}
