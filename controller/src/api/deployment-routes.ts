import { RevealQuery } from "@damson/core/agent";
import type { Routes } from "@damson/core/http";
import type { DeploymentWatch } from "../deployments/deployment-watch.ts";
import { findDeployment } from "../deployments/find.ts";
import { detailOf, versionsOf } from "../deployments/view/detail.ts";
import { revealed } from "../deployments/view/entries.ts";
import { explanationOf } from "../deployments/view/explanation.ts";
import { declaredRoutes } from "./declared-routes.ts";
import { answerChange } from "./deployment-answer.ts";
import { apply } from "./deployment-changes.ts";
import type { ApiParts } from "./routes.ts";
import { WaitedChangeQuery } from "./schema/common.ts";
import {
  DeploymentAnswer,
  DeploymentDetail,
  DeploymentParams,
  DeploymentRequest,
  Explanation,
  VersionViews,
} from "./schema/deployments.ts";

const tags = ["deployments"];
const params = DeploymentParams;

/** Deployments: declared, shown, changed, deleted, explained. */
export function deploymentRoutes(api: ApiParts, watch: DeploymentWatch): Routes {
  const { objects } = api.parts;
  return async (app) => {
    await app.register(
      declaredRoutes(api, watch, {
        path: "/v1/deployments",
        declare: "Declare a deployment",
        relabel: "Change its labels",
      }),
    );

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
      response: { 200: DeploymentAnswer },
    };
    app.put("/v1/deployments/:id", { schema: put }, async (request) => {
      const changed = await apply(api, request, request.params.id, request.body);
      return answerChange(api, watch, request, changed, request.query);
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
