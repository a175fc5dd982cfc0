import { RevealQuery } from "@damson/core/agent";
import type { Routes } from "@damson/core/http";
import { Type } from "typebox";
import type { DeploymentWatch } from "../deployments/deployment-watch.ts";
import { findDeployment } from "../deployments/find.ts";
import { relabel } from "../deployments/labels.ts";
import { detailOf, versionsOf } from "../deployments/view/detail.ts";
import { revealed } from "../deployments/view/entries.ts";
import { explanationOf } from "../deployments/view/explanation.ts";
import { summariesOf } from "../deployments/view/summary.ts";
import { answerChange } from "./deployment-answer.ts";
import { apply, changeOne, create, remove } from "./deployment-changes.ts";
import type { ApiParts } from "./routes.ts";
import { ChangeQuery, NoContent, WaitedChangeQuery } from "./schema/common.ts";
import {
  DeploymentAnswer,
  DeploymentDeleteQuery,
  DeploymentDetail,
  DeploymentParams,
  DeploymentPatch,
  DeploymentRequest,
  DeploymentSummary,
  Explanation,
  VersionViews,
} from "./schema/deployments.ts";

const tags = ["deployments"];
const params = DeploymentParams;
const answer = { 200: DeploymentAnswer };

/** Deployments: declared, shown, changed, deleted. */
export function deploymentRoutes(api: ApiParts, watch: DeploymentWatch): Routes {
  const { objects, now } = api.parts;
  return async (app) => {
    const post = {
      tags,
      summary: "Declare a deployment",
      querystring: WaitedChangeQuery,
      body: DeploymentRequest,
      response: answer,
    };
    app.post("/v1/deployments", { schema: post }, async (request) => {
      const changed = await create(api, request, request.body);
      return answerChange(api, watch, request, changed, request.query);
    });

    const list = { tags, summary: "Every deployment", response: { 200: Type.Array(DeploymentSummary) } };
    app.get("/v1/deployments", { schema: list }, async () => summariesOf(objects));

    const get = {
      tags,
      summary: "One deployment, with its instances",
      params,
      querystring: RevealQuery,
      response: { 200: DeploymentDetail },
    };
    app.get("/v1/deployments/:id", { schema: get }, async (request, reply) => {
      const found = findDeployment(objects, request.params.id);
      void reply.header("etag", `"${found.revision}"`);
      return detailOf(objects, found, revealed(request.query.reveal));
    });

    const put = {
      tags,
      summary: "Make a deployment what the body says",
      description:
        "What runs differently becomes a new version, and its rollout begins. The same again changes nothing, except that " +
        "it starts a deployment that was stopped. `replicas` and `labels` that are left out stay as they are.",
      params,
      querystring: WaitedChangeQuery,
      body: DeploymentRequest,
      response: answer,
    };
    app.put("/v1/deployments/:id", { schema: put }, async (request) => {
      const changed = await apply(api, request, request.params.id, request.body);
      return answerChange(api, watch, request, changed, request.query);
    });

    const patch = {
      tags,
      summary: "Change its labels",
      params,
      querystring: ChangeQuery,
      body: DeploymentPatch,
      response: answer,
    };
    app.patch("/v1/deployments/:id", { schema: patch }, async (request) => {
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
    app.delete("/v1/deployments/:id", { schema: erase }, async (request, reply) => {
      await remove(api, request, request.params.id, request.query.force ?? false);
      return reply.code(204).send(null);
    });

    const versions = {
      tags,
      summary: "The versions that it keeps, newest first",
      params,
      querystring: RevealQuery,
      response: { 200: VersionViews },
    };
    app.get("/v1/deployments/:id/versions", { schema: versions }, async ({ params: { id }, query }) =>
      versionsOf(findDeployment(objects, id), revealed(query.reveal)),
    );

    const explain = {
      tags,
      summary: "Why its instances are where they are, or nowhere",
      params,
      response: { 200: Explanation },
    };
    app.get("/v1/deployments/:id/explain", { schema: explain }, async ({ params: { id } }) =>
      explanationOf(objects, findDeployment(objects, id)),
    );
  };
}
