import type { Routes } from "@damson/core/http";
import { Type } from "typebox";
import type { DeploymentWatch } from "../deployments/deployment-watch.ts";
import { ACTIONS, act } from "../deployments/power.ts";
import { rollback } from "../deployments/rollback.ts";
import { retryRollout } from "../deployments/rollout.ts";
import { scale } from "../deployments/scale.ts";
import { answerChange } from "./deployment-answer.ts";
import { apply, changeOne } from "./deployment-changes.ts";
import type { ApiParts } from "./routes.ts";
import { ChangeQuery, WaitedChangeQuery } from "./schema/common.ts";
import {
  ActionAnswer,
  ActionQuery,
  DeploymentAnswer,
  DeploymentParams,
  RollbackRequest,
  RolloutRequest,
  ScaleRequest,
} from "./schema/deployments.ts";

const tags = ["deployments"];
const params = DeploymentParams;
const response = { 200: DeploymentAnswer };

/** What is done to a deployment that is there. */
export function deploymentActionRoutes(api: ApiParts, watch: DeploymentWatch): Routes {
  const { objects, now } = api.parts;
  return async (app) => {
    const start = { tags, summary: "Run its instances", params, querystring: WaitedChangeQuery, response };
    app.post("/v1/deployments/:id/start", { schema: start }, async (request) => {
      const changed = await changeOne(api, request, request.params.id, (change, id) => act(change, id, "start", now()));
      return answerChange(api, watch, request, changed, request.query);
    });

    const actions = [
      { action: "stop", summary: "Stop its instances, which keep their places" },
      { action: "pause", summary: "Let its rollout go no further" },
      { action: "resume", summary: "Let its rollout go on" },
    ] as const;
    for (const { action, summary } of actions) {
      const schema = { tags, summary, params, querystring: ChangeQuery, response };
      app.post(`/v1/deployments/:id/${action}`, { schema }, async (request) => {
        const changed = await changeOne(api, request, request.params.id, (change, id) =>
          act(change, id, action, now()),
        );
        return answerChange(api, watch, request, changed);
      });
    }

    const either = {
      tags,
      summary: "Start or stop it, as Plum's newer clients ask",
      params,
      querystring: ActionQuery,
      response: { 200: ActionAnswer },
    };
    app.post("/v1/deployments/:id", { schema: either }, async (request) => {
      const { action } = request.query;
      const { deploymentId } = await changeOne(api, request, request.params.id, (change, id) =>
        act(change, id, action, now()),
      );
      const { to, done } = ACTIONS[action];
      return { deploymentId, status: to.status, message: done };
    });

    const rescale = {
      tags,
      summary: "Change how many instances there are",
      params,
      querystring: WaitedChangeQuery,
      body: ScaleRequest,
      response,
    };
    app.post("/v1/deployments/:id/scale", { schema: rescale }, async (request) => {
      const changed = await changeOne(api, request, request.params.id, (change, deploymentId) =>
        scale(change, objects, { deploymentId, request: request.body, now: now() }),
      );
      return answerChange(api, watch, request, changed, request.query);
    });

    const roll = {
      tags,
      summary: "Roll out what the body says, or again what the last rollout failed with",
      params,
      querystring: WaitedChangeQuery,
      body: Type.Union([RolloutRequest, Type.Null()]),
      response,
    };
    app.post("/v1/deployments/:id/rollout", { schema: roll }, async (request) => {
      const {
        params: { id: ref },
        body,
      } = request;
      const changed = body
        ? await apply(api, request, ref, body)
        : await changeOne(api, request, ref, (change, id) => retryRollout(change, objects, id, now()));
      return answerChange(api, watch, request, changed, request.query);
    });

    const back = {
      tags,
      summary: "Go back to an earlier version",
      params,
      querystring: WaitedChangeQuery,
      body: Type.Union([RollbackRequest, Type.Null()]),
      response,
    };
    app.post("/v1/deployments/:id/rollback", { schema: back }, async (request) => {
      const changed = await changeOne(api, request, request.params.id, (change, id) =>
        rollback(change, id, request.body?.version, now()),
      );
      return answerChange(api, watch, request, changed, request.query);
    });
  };
}
