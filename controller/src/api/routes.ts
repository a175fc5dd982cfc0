import type { Routes } from "@damson/core/http";
import type { ControllerParts } from "../parts.ts";

/** Groups of the controller's routes in its OpenAPI document. */
export const TAGS = [
  { name: "apps", description: "Archives of apps" },
  { name: "nodes", description: "Machines and their agents" },
  { name: "deployments", description: "What runs, and where" },
  { name: "services", description: "Where services answer" },
  { name: "observe", description: "Events, audit, health" },
  { name: "controller", description: "The controller itself and its plugins" },
] as const;

/** What the routes must know of how the controller is served. */
export interface Serving {
  /** Whether the controller can be reached from outside without a token. */
  readonly insecure: boolean;
}

/** The controller's HTTP API. */
export function controllerRoutes(_parts: ControllerParts, _serving: Serving): Routes {
  return async (app) => {
    app.get("/healthz", { schema: { hide: true }, config: { open: true } }, async (_request, reply) =>
      reply.type("text/plain").send("ok"),
    );
  };
}
