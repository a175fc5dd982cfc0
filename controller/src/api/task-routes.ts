import type { Routes } from "@damson/core/http";
import type { DeploymentWatch } from "../deployments/deployment-watch.ts";
import { findDeployment } from "../deployments/find.ts";
import { taskOf } from "../deployments/view/detail.ts";
import { declaredRoutes } from "./declared-routes.ts";
import type { ApiParts } from "./routes.ts";
import { DeploymentParams, TaskDetail } from "./schema/deployments.ts";

/** Deployments as Plum's clients of generation A know them. */
export function taskRoutes(api: ApiParts, watch: DeploymentWatch): Routes {
  const { objects } = api.parts;
  return async (app) => {
    await app.register(
      declaredRoutes(api, watch, {
        path: "/v1/tasks",
        declare: "Declare a deployment, by Plum's name for it",
        relabel: "Change its labels; its id stays",
      }),
    );

    const get = {
      tags: ["deployments"],
      summary: "One deployment with its instances, in Plum's own case",
      params: DeploymentParams,
      response: { 200: TaskDetail },
    };
    app.get("/v1/tasks/:id", { schema: get }, async (request, reply) => {
      const found = findDeployment(objects, request.params.id);
      void reply.header("etag", `"${found.revision}"`);
      return taskOf(objects, found);
    });
  };
}
