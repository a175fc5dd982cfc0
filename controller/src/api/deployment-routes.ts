import type { Routes } from "@damson/core/http";
import { Type } from "typebox";
import type { ApiParts } from "./routes.ts";
import { ChangeQuery, NoContent, WaitedChangeQuery } from "./schema/common.ts";
import {
  DeploymentAnswer,
  DeploymentDetail,
  DeploymentParams,
  DeploymentPatch,
  DeploymentRequest,
  DeploymentSummary,
  Explanation,
  RollbackRequest,
  ScaleRequest,
  VersionViews,
} from "./schema/deployments.ts";

export function deploymentRoutes(_api: ApiParts): Routes {
  return async (app) => {
    app.post(
      "/v1/deployments",
      {
        schema: {
          tags: ["deployments"],
          summary: "Declare a deployment",
          querystring: WaitedChangeQuery,
          body: DeploymentRequest,
          response: { 200: DeploymentAnswer },
        },
      },
      later,
    );
    app.get(
      "/v1/deployments",
      {
        schema: {
          tags: ["deployments"],
          summary: "Every deployment",
          response: { 200: Type.Array(DeploymentSummary) },
        },
      },
      later,
    );
    app.get(
      "/v1/deployments/:id",
      {
        schema: {
          tags: ["deployments"],
          summary: "One deployment, with its instances",
          params: DeploymentParams,
          response: { 200: DeploymentDetail },
        },
      },
      later,
    );
    app.patch(
      "/v1/deployments/:id",
      {
        schema: {
          tags: ["deployments"],
          summary: "Change its labels",
          params: DeploymentParams,
          querystring: ChangeQuery,
          body: DeploymentPatch,
          response: { 200: DeploymentAnswer },
        },
      },
      later,
    );
    app.delete(
      "/v1/deployments/:id",
      {
        schema: {
          tags: ["deployments"],
          summary: "Stop and remove all its instances, and forget it",
          params: DeploymentParams,
          querystring: ChangeQuery,
          response: { 204: NoContent },
        },
      },
      later,
    );
    app.post(
      "/v1/deployments/:id/scale",
      {
        schema: {
          tags: ["deployments"],
          summary: "Change how many instances there are",
          params: DeploymentParams,
          querystring: WaitedChangeQuery,
          body: ScaleRequest,
          response: { 200: DeploymentAnswer },
        },
      },
      later,
    );
    app.post(
      "/v1/deployments/:id/rollback",
      {
        schema: {
          tags: ["deployments"],
          summary: "Go back to an earlier version",
          params: DeploymentParams,
          querystring: WaitedChangeQuery,
          body: RollbackRequest,
          response: { 200: DeploymentAnswer },
        },
      },
      later,
    );
    app.post(
      "/v1/deployments/:id/start",
      {
        schema: {
          tags: ["deployments"],
          summary: "Run its instances",
          params: DeploymentParams,
          querystring: WaitedChangeQuery,
          response: { 200: DeploymentAnswer },
        },
      },
      later,
    );
    app.post(
      "/v1/deployments/:id/stop",
      {
        schema: {
          tags: ["deployments"],
          summary: "Stop its instances, which keep their places",
          params: DeploymentParams,
          querystring: WaitedChangeQuery,
          response: { 200: DeploymentAnswer },
        },
      },
      later,
    );
    app.post(
      "/v1/deployments/:id/pause",
      {
        schema: {
          tags: ["deployments"],
          summary: "Let its rollout go no further",
          params: DeploymentParams,
          querystring: ChangeQuery,
          response: { 200: DeploymentAnswer },
        },
      },
      later,
    );
    app.post(
      "/v1/deployments/:id/resume",
      {
        schema: {
          tags: ["deployments"],
          summary: "Let its rollout go on",
          params: DeploymentParams,
          querystring: ChangeQuery,
          response: { 200: DeploymentAnswer },
        },
      },
      later,
    );
    app.get(
      "/v1/deployments/:id/versions",
      {
        schema: {
          tags: ["deployments"],
          summary: "The versions that it keeps",
          params: DeploymentParams,
          response: { 200: VersionViews },
        },
      },
      later,
    );
    app.get(
      "/v1/deployments/:id/explain",
      {
        schema: {
          tags: ["deployments"],
          summary: "Why its instances are where they are, or nowhere",
          params: DeploymentParams,
          response: { 200: Explanation },
        },
      },
      later,
    );
  };
}

async function later(): Promise<never> {
  throw new Error("not there yet");
}
