import type { Routes } from "@damson/core/http";
import type { ApiParts } from "./routes.ts";
import {
  AssignmentDeleteQuery,
  AssignmentList,
  AssignmentParams,
  AssignmentPatch,
  AssignmentsQuery,
} from "./schema/assignments.ts";
import { ChangeQuery, NoContent } from "./schema/common.ts";

export function assignmentRoutes(_api: ApiParts): Routes {
  return async (app) => {
    app.get(
      "/v1/assignments",
      {
        schema: {
          tags: ["deployments"],
          summary: "Instances of a node or a deployment",
          querystring: AssignmentsQuery,
          response: { 200: AssignmentList },
        },
      },
      later,
    );
    app.patch(
      "/v1/assignments/:instanceId",
      {
        schema: {
          tags: ["deployments"],
          summary: "Start or stop one instance",
          params: AssignmentParams,
          querystring: ChangeQuery,
          body: AssignmentPatch,
          response: { 204: NoContent },
        },
      },
      later,
    );
    app.delete(
      "/v1/assignments/:instanceId",
      {
        schema: {
          tags: ["deployments"],
          summary: "Remove one instance",
          params: AssignmentParams,
          querystring: AssignmentDeleteQuery,
          response: { 204: NoContent },
        },
      },
      later,
    );
  };
}

async function later(): Promise<never> {
  throw new Error("not there yet");
}
