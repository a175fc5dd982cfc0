import { Type } from "typebox";
import type { Routes } from "../../http/index.ts";
import { AppParams } from "../schema/requests.ts";
import { AppStatus, StatusList } from "../schema/status.ts";
import type { ApiParts } from "./routes.ts";

export function statusRoutes({ agent, controller, insecure }: ApiParts): Routes {
  return async (app) => {
    const list = { tags: ["observe"], summary: "Every app", response: { 200: StatusList } };
    app.get("/v1/status", { schema: list }, async () => ({
      apps: agent.apps().map((found) => agent.status(found)),
      damaged: agent.damaged.map(({ name, file, reason }) => ({ name, file, reason })),
      ...(controller ? { controller: controller.status() } : {}),
      ...(insecure ? { insecure: true as const } : {}),
    }));

    const one = { tags: ["observe"], summary: "One app", params: AppParams, response: { 200: AppStatus } };
    app.get("/v1/status/:app", { schema: one }, async (request) => agent.status(agent.app(request.params.app)));

    const health = {
      tags: ["agent"],
      summary: "Whether the agent answers",
      response: { 200: Type.Object({ status: Type.Literal("healthy"), service: Type.String() }) },
    };
    app.get("/v1/health", { schema: health, config: { open: true } }, async () => ({
      status: "healthy" as const,
      service: "damson-agent",
    }));
  };
}
