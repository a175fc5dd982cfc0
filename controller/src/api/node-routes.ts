import { lastEventId, type Routes, sse } from "@damson/core/http";
import type { Change } from "../changes/change.ts";
import { changeNode, deleteNode, existing, type NodeChange } from "../nodes/node-changes.ts";
import { nodeView } from "../nodes/node-view.ts";
import { loseForgotten } from "../nodes/take-over.ts";
import { mutate } from "./mutate.ts";
import type { ApiParts } from "./routes.ts";
import { ChangeQuery, NoContent } from "./schema/common.ts";
import {
  DrainRequest,
  FailbackAnswer,
  Heartbeat,
  HeartbeatAnswer,
  Node,
  NodeDeleteQuery,
  NodeList,
  NodeParams,
  StreamQuery,
} from "./schema/nodes.ts";

const tags = ["nodes"];

export function nodeRoutes({ parts, nodes, deployments }: ApiParts): Routes {
  const { objects, now } = parts;
  const view = (nodeId: string): Node => {
    const stored = existing(objects.nodes.get(nodeId), nodeId);
    return nodeView(objects, stored, nodes.lastSeenOf(stored.value));
  };
  return async (app) => {
    app.post(
      "/v1/nodes/heartbeat",
      {
        schema: {
          tags,
          summary: "Tell of a node: it is there, and what it can",
          body: Heartbeat,
          response: { 200: HeartbeatAnswer },
        },
      },
      async (request) => nodes.heartbeat(request.body),
    );
    app.get("/v1/nodes", { schema: { tags, summary: "Every node", response: { 200: NodeList } } }, async () => {
      const ids = [...objects.nodes.all()].map(({ id }) => id).sort();
      return ids.map(view);
    });
    app.get(
      "/v1/nodes/:nodeId",
      { schema: { tags, summary: "One node", params: NodeParams, response: { 200: Node } } },
      async (request) => view(request.params.nodeId),
    );
    app.delete(
      "/v1/nodes/:nodeId",
      {
        schema: {
          tags,
          summary: "Forget a node that nothing is placed on",
          params: NodeParams,
          querystring: NodeDeleteQuery,
          response: { 204: NoContent },
        },
      },
      async (request, reply) => {
        const { nodeId } = request.params;
        const { force = false } = request.query;
        const target = { kind: "nodes", id: nodeId } as const;
        await mutate(parts, request, {
          target,
          work: (change) => {
            deleteNode(change, objects, nodeId, force);
            return null;
          },
        });
        if (force) await loseForgotten(parts, nodeId);
        return reply.code(204).send(null);
      },
    );
    const changes: readonly { wanted: Exclude<NodeChange, "drain">; summary: string }[] = [
      { wanted: "cordon", summary: "Place nothing more on a node" },
      { wanted: "uncordon", summary: "Place on a node again; a drain ends" },
    ];
    for (const { wanted, summary } of changes) {
      const schema = { tags, summary, params: NodeParams, querystring: ChangeQuery, response: { 200: Node } };
      app.post(`/v1/nodes/:nodeId/${wanted}`, { schema }, async (request) => {
        const { nodeId: id } = request.params;
        const work = (change: Change) => {
          changeNode(change, id, wanted, now());
          return null;
        };
        await mutate(parts, request, { target: { kind: "nodes", id }, work });
        return view(id);
      });
    }
    app.post(
      "/v1/nodes/:nodeId/drain",
      {
        schema: {
          tags,
          summary: "Cordon a node, and move its instances away",
          params: NodeParams,
          querystring: ChangeQuery,
          body: DrainRequest,
          response: { 200: Node },
        },
        // It says nothing that must be said.
        preValidation: async (request) => {
          request.body ??= {};
        },
      },
      async (request) => {
        const { nodeId: id } = request.params;
        const work = (change: Change) => {
          changeNode(change, id, "drain", now(), request.body.maxParallel);
          return null;
        };
        await mutate(parts, request, { target: { kind: "nodes", id }, work });
        return view(id);
      },
    );
    app.post(
      "/v1/nodes/:nodeId/failback",
      {
        schema: {
          tags,
          summary: "Bring instances back that were moved away from a node",
          description: "Each leaves the place where it is once it is healthy on the node.",
          params: NodeParams,
          querystring: ChangeQuery,
          response: { 200: FailbackAnswer },
        },
      },
      async (request) => {
        const { nodeId: id } = request.params;
        const { answer } = await mutate(parts, request, {
          target: { kind: "nodes", id },
          // Asked for twice, it moves nothing twice.
          work: () => deployments.failback(id),
          didMore: ({ moved }) => moved > 0,
        });
        return answer;
      },
    );
    app.get(
      "/v1/stream",
      {
        schema: {
          tags,
          summary: "Server-sent events that tell a node to fetch its assignments",
          description:
            "First `ping` with `init`, then `update` with `assignments` whenever the node's list has changed. The id is that " +
            "of the list: with `Last-Event-ID`, what has changed meanwhile is told at once.",
          querystring: StreamQuery,
          response: { 200: { description: "Server-sent events", content: { "text/event-stream": { schema: {} } } } },
        },
      },
      async (request, reply) => {
        const { nodeId } = request.query;
        const after = lastEventId(request);
        return sse(reply, (signal) => nodes.streams.events(nodeId, after, signal));
      },
    );
  };
}
