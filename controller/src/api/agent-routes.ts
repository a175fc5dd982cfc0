import type { Routes } from "@damson/core/http";
import type { ApiParts } from "./routes.ts";
import { AgentParams, AgentRegistration, RegisteredAgent, RegisteredAgents } from "./schema/agents.ts";
import { NoContent } from "./schema/common.ts";

export function agentRoutes(_api: ApiParts): Routes {
  return async (app) => {
    app.post(
      "/api/v1/agents",
      {
        schema: {
          tags: ["nodes"],
          summary: "Register an agent that the controller calls",
          body: AgentRegistration,
          response: { 200: RegisteredAgent },
        },
      },
      later,
    );
    app.get(
      "/api/v1/agents",
      {
        schema: {
          tags: ["nodes"],
          summary: "Every agent that the controller calls",
          response: { 200: RegisteredAgents },
        },
      },
      later,
    );
    app.get(
      "/api/v1/agents/:agent_id",
      { schema: { tags: ["nodes"], summary: "One of them", params: AgentParams, response: { 200: RegisteredAgent } } },
      later,
    );
    app.delete(
      "/api/v1/agents/:agent_id",
      {
        schema: {
          tags: ["nodes"],
          summary: "Call an agent no longer",
          params: AgentParams,
          response: { 204: NoContent },
        },
      },
      later,
    );
  };
}

async function later(): Promise<never> {
  throw new Error("not there yet");
}
