import type { Routes } from "@damson/core/http";
import type { Artifacts } from "../artifacts/artifacts.ts";
import { DeploymentWatch } from "../deployments/deployment-watch.ts";
import type { Deployments } from "../deployments/deployments.ts";
import type { Nodes } from "../nodes/nodes.ts";
import type { ControllerParts } from "../parts.ts";
import type { PushLinks } from "../push/push-links.ts";
import type { Services } from "../services/services.ts";
import type { Statuses } from "../statuses/statuses.ts";
import { agentRoutes } from "./agent-routes.ts";
import { artifactRoutes } from "./artifact-routes.ts";
import { assignmentRoutes } from "./assignment-routes.ts";
import { deploymentActionRoutes } from "./deployment-action-routes.ts";
import { deploymentRoutes } from "./deployment-routes.ts";
import { instanceRoutes } from "./instance-routes.ts";
import { nodeRoutes } from "./node-routes.ts";
import { recordRoutes } from "./record-routes.ts";
import { selfRoutes } from "./self-routes.ts";
import { serviceRoutes } from "./service-routes.ts";
import { statusRoutes } from "./status-routes.ts";
import { swaggerRoutes } from "./swagger-routes.ts";
import { taskRoutes } from "./task-routes.ts";

/** Groups of the controller's routes in its OpenAPI document. */
export const TAGS = [
  { name: "apps", description: "Archives of apps" },
  { name: "nodes", description: "Machines and their agents" },
  { name: "deployments", description: "What runs, and where" },
  { name: "services", description: "Where services answer" },
  { name: "observe", description: "Events, audit, health" },
  { name: "controller", description: "The controller itself and its plugins" },
] as const;

/** What the routes stand on. */
export interface ApiParts {
  readonly parts: ControllerParts;
  readonly nodes: Nodes;
  readonly statuses: Statuses;
  readonly services: Services;
  readonly deployments: Deployments;
  readonly artifacts: Artifacts;
  readonly pushLinks: PushLinks;
  /** Whether the controller can be reached from outside without a token. */
  readonly insecure: boolean;
}

/** The controller's HTTP API. */
export function controllerRoutes(api: ApiParts): Routes {
  const watch = new DeploymentWatch(api.parts.objects);
  return async (app) => {
    await app.register(nodeRoutes(api));
    await app.register(assignmentRoutes(api));
    await app.register(statusRoutes(api));
    await app.register(serviceRoutes(api));
    await app.register(agentRoutes(api));
    await app.register(instanceRoutes(api));
    await app.register(deploymentRoutes(api, watch));
    await app.register(deploymentActionRoutes(api, watch));
    await app.register(taskRoutes(api, watch));
    await app.register(artifactRoutes(api));
    await app.register(recordRoutes(api));
    await app.register(selfRoutes(api));
    await app.register(swaggerRoutes());
  };
}
