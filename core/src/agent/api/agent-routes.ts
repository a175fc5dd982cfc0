import { Type } from "typebox";
import type { Routes } from "../../http/index.ts";
import { AgentStopBody } from "../schema/requests.ts";
import type { ApiParts } from "./routes.ts";

export function agentRoutes({ stopApps, shutDown }: ApiParts): Routes {
  return async (app) => {
    const schema = {
      tags: ["agent"],
      summary: "End the agent; its apps go on unless `apps` is set",
      description: "Apps that are stopped here stay declared: the next agent on the work directory starts them again.",
      body: AgentStopBody,
      response: { 200: Type.Object({ success: Type.Boolean(), message: Type.String() }) },
    };
    app.post("/v1/agent/stop", { schema }, async (request, reply) => {
      const apps = request.body.apps === true;
      const left = apps ? await stopApps() : [];
      // The answer is sent before the server that sends it is closed.
      reply.raw.once("close", shutDown);
      if (left.length > 0) return { success: false, message: `The agent stops, but not every app: ${left.join("; ")}` };
      return {
        success: true,
        message: apps ? "The apps are stopped, the agent stops" : "The agent stops; its apps go on",
      };
    });
  };
}
