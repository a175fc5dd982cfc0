import type { ServedPlugins } from "../../host/index.ts";
import type { Routes } from "../../http/index.ts";
import type { Agent } from "../agent.ts";
import type { ControllerLink } from "../link/controller-link.ts";
import { agentRoutes } from "./agent-routes.ts";
import { appRoutes } from "./app-routes.ts";
import { applyRoute } from "./apply-route.ts";
import { controllerRoute } from "./controller-route.ts";
import { eventsRoute } from "./events-route.ts";
import { execRoute } from "./exec-route.ts";
import { logsRoute } from "./logs-route.ts";
import { pluginRoutes } from "./plugins-routes.ts";
import { statsRoute } from "./stats-route.ts";
import { statusRoutes } from "./status-routes.ts";

/** What the routes stand on. */
export interface ApiParts {
  readonly agent: Agent;
  readonly plugins: ServedPlugins;
  /** The link to a controller, where there is one. */
  readonly controller?: Pick<ControllerLink, "status" | "hasLeft"> | undefined;
  /** Whether the agent can be reached from outside without a token. */
  readonly insecure: boolean;
  /** Ends all supervision and stops every unit; what is declared stays declared. Resolves with what could not be stopped. */
  stopApps(): Promise<string[]>;
  /** Ends this agent. */
  shutDown(): void;
}

/** Groups of the agent's routes in its OpenAPI document. */
export const TAGS = [
  { name: "apps", description: "Declare apps, and act on them" },
  { name: "observe", description: "Status, logs, exits, usage, events" },
  { name: "agent", description: "The agent itself and its plugins" },
] as const;

/** The agent's HTTP API. */
export function apiRoutes(parts: ApiParts): Routes {
  return async (app) => {
    await app.register(applyRoute(parts));
    await app.register(appRoutes(parts));
    await app.register(statusRoutes(parts));
    await app.register(logsRoute(parts));
    await app.register(statsRoute(parts));
    await app.register(execRoute(parts));
    await app.register(eventsRoute(parts));
    await app.register(pluginRoutes(parts));
    await app.register(controllerRoute(parts));
    await app.register(agentRoutes(parts));
  };
}
