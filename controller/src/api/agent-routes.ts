import type { Routes } from "@damson/core/http";
import type { NodeRecord } from "../model/node.ts";
import { deleteNode } from "../nodes/node-changes.ts";
import { agentNotFound, agentView, registerAgent } from "../push/registration.ts";
import { mutate } from "./mutate.ts";
import type { ApiParts } from "./routes.ts";
import { AgentParams, AgentRegistration, RegisteredAgent, RegisteredAgents } from "./schema/agents.ts";
import { ChangeQuery, NoContent } from "./schema/common.ts";

const tags = ["nodes"];

export function agentRoutes({ parts, nodes, pushLinks }: ApiParts): Routes {
  const { objects } = parts;
  const pushed = (id: string): NodeRecord => {
    const node = objects.nodes.get(id)?.value;
    if (node?.link !== "push") throw agentNotFound(id);
    return node;
  };
  const view = (node: NodeRecord): RegisteredAgent =>
    agentView(parts, node, { lastSeen: nodes.lastSeenOf(node), failure: pushLinks.failureOf(node.nodeId) });

  return async (app) => {
    const register = {
      tags,
      summary: "Register an agent that the controller calls",
      description:
        "For agents that cannot dial in, and those of Boreas. Its node is Unknown until the agent has answered. Registering " +
        "it again changes its URL, token and labels.",
      querystring: ChangeQuery,
      body: AgentRegistration,
      response: { 200: RegisteredAgent },
    };
    app.post("/api/v1/agents", { schema: register }, async (request) => {
      const { agent_id: id } = request.body;
      await mutate(parts, request, {
        target: { kind: "nodes", id },
        work: async (change) => {
          await registerAgent(parts, change, request.body);
          return null;
        },
      });
      return view(pushed(id));
    });

    const list = { tags, summary: "Every agent that the controller calls", response: { 200: RegisteredAgents } };
    app.get("/api/v1/agents", { schema: list }, async () => {
      const found = [...objects.nodes.all()].map(({ value }) => value).filter(({ link }) => link === "push");
      return { agents: found.toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1)).map(view) };
    });

    const one = { tags, summary: "One of them", params: AgentParams, response: { 200: RegisteredAgent } };
    app.get("/api/v1/agents/:agent_id", { schema: one }, async (request) => view(pushed(request.params.agent_id)));

    const forget = {
      tags,
      summary: "Call an agent no longer, and forget its node",
      params: AgentParams,
      querystring: ChangeQuery,
      response: { 204: NoContent },
    };
    app.delete("/api/v1/agents/:agent_id", { schema: forget }, async (request, reply) => {
      const { agent_id: id } = request.params;
      await mutate(parts, request, {
        target: { kind: "nodes", id },
        work: (change) => {
          if (change.get("nodes", id)?.value.link !== "push") throw agentNotFound(id);
          deleteNode(change, objects, id);
          return null;
        },
      });
      return reply.code(204).send(null);
    });
  };
}
