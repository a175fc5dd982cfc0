import type { Routes } from "@damson/core/http";
import { Type } from "typebox";
import type { DeploymentWatch } from "../deployments/deployment-watch.ts";
import { relabel } from "../deployments/labels.ts";
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
  DeploymentsQuery,
} from "./schema/deployments.ts";

/** Where deployments are, and what the OpenAPI document says there. */
export interface DeclaredPlace {
  readonly path: "/v1/deployments" | "/v1/tasks";
  readonly declare: string;
  readonly relabel: string;
}

const tags = ["deployments"];
const params = DeploymentParams;
const response = { 200: DeploymentAnswer };

/** What deployments have under both of their names: they are declared, listed, given other labels, deleted. */
export function declaredRoutes(api: ApiParts, watch: DeploymentWatch, place: DeclaredPlace): Routes {
  const { objects, now } = api.parts;
  const { path } = place;
  return async (app) => {
    const post = {
      tags,
      summary: place.declare,
      querystring: WaitedChangeQuery,
      body: DeploymentRequest,
      response,
    };
    app.post(path, { schema: post }, async (request) => {
      const changed = await create(api, request, request.body);
      return answerChange(api, watch, request, changed, request.query);
    });

    const list = {
      tags,
      summary: "Every deployment",
      querystring: DeploymentsQuery,
      response: { 200: Type.Array(DeploymentSummary) },
    };
    app.get(path, { schema: list }, async ({ query }) => summariesOf(objects, query.deleting ?? false));

    const patch = {
      tags,
      summary: place.relabel,
      params,
      querystring: ChangeQuery,
      body: DeploymentPatch,
      response,
    };
    app.patch(`${path}/:id`, { schema: patch }, async (request) => {
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
    app.delete(`${path}/:id`, { schema: erase }, async (request, reply) => {
      await remove(api, request, request.params.id, request.query.force ?? false);
      return reply.code(204).send(null);
    });
  };
}
