import type { Routes } from "@damson/core/http";
import { Type } from "typebox";
import type { DeploymentWatch } from "../deployments/deployment-watch.ts";
import { findDeployment } from "../deployments/find.ts";
import { relabel } from "../deployments/labels.ts";
import { taskOf } from "../deployments/view/detail.ts";
import { summariesOf } from "../deployments/view/summary.ts";
import { answerChange } from "./deployment-answer.ts";
import { changeOne, create, remove } from "./deployment-changes.ts";
import type { ApiParts } from "./routes.ts";
import { ChangeQuery, NoContent, WaitedChangeQuery } from "./schema/common.ts";
import {
  DeploymentAnswer,
  DeploymentDeleteQuery,
  DeploymentParams,
  DeploymentPatch,
  DeploymentRequest,
  DeploymentSummary,
  TaskDetail,
} from "./schema/deployments.ts";

const tags = ["deployments"];
const params = DeploymentParams;

/** Deployments as Plum's clients of generation A know them. */
export function taskRoutes(api: ApiParts, watch: DeploymentWatch): Routes {
  const { objects, now } = api.parts;
  return async (app) => {
    const post = {
      tags,
      summary: "Declare a deployment, by Plum's name for it",
      querystring: WaitedChangeQuery,
      body: DeploymentRequest,
      response: { 200: DeploymentAnswer },
    };
    app.post("/v1/tasks", { schema: post }, async (request) => {
      const changed = await create(api, request, request.body);
      return answerChange(api, watch, request, changed, request.query);
    });

    const list = { tags, summary: "Every deployment", response: { 200: Type.Array(DeploymentSummary) } };
    app.get("/v1/tasks", { schema: list }, async () => summariesOf(objects));

    const get = {
      tags,
      summary: "One deployment with its instances, in Plum's own case",
      params,
      response: { 200: TaskDetail },
    };
    app.get("/v1/tasks/:id", { schema: get }, async (request, reply) => {
      const found = findDeployment(objects, request.params.id);
      void reply.header("etag", `"${found.revision}"`);
      return taskOf(objects, found);
    });

    const patch = {
      tags,
      summary: "Change its labels; its id stays",
      params,
      querystring: ChangeQuery,
      body: DeploymentPatch,
      response: { 200: DeploymentAnswer },
    };
    app.patch("/v1/tasks/:id", { schema: patch }, async (request) => {
      const changed = await changeOne(api, request, request.params.id, (change, id) =>
        relabel(change, id, request.body, now()),
      );
      return answerChange(api, watch, request, changed);
    });

    const erase = {
      tags,
      summary: "Stop and remove all its instances, and forget it",
      params,
      querystring: DeploymentDeleteQuery,
      response: { 204: NoContent },
    };
    app.delete("/v1/tasks/:id", { schema: erase }, async (request, reply) => {
      await remove(api, request, request.params.id, request.query.force ?? false);
      return reply.code(204).send(null);
    });
  };
}
