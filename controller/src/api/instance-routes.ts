import type { Routes } from "@damson/core/http";
import { assignmentItem } from "../assignments/assignment-item.ts";
import { instanceNotFound, removeInstance, setDesired } from "../deployments/instances.ts";
import { mutate } from "./mutate.ts";
import type { ApiParts } from "./routes.ts";
import { AssignmentDeleteQuery, AssignmentItem, AssignmentParams, AssignmentPatch } from "./schema/assignments.ts";
import { ChangeQuery, NoContent } from "./schema/common.ts";

const tags = ["deployments"];

/** Single instances: whether they run, and whether they are. */
export function instanceRoutes({ parts }: ApiParts): Routes {
  return async (app) => {
    const get = { tags, summary: "One instance", params: AssignmentParams, response: { 200: AssignmentItem } };
    app.get("/v1/assignments/:instanceId", { schema: get }, async ({ params: { instanceId } }, reply) => {
      const { assignments, deployments, statuses } = parts.objects;
      const row = assignments.get(instanceId);
      const deployment = row && deployments.get(row.value.deploymentId)?.value;
      if (!deployment) throw instanceNotFound(instanceId);
      void reply.header("etag", `"${row.revision}"`);
      return assignmentItem(row, deployment, statuses.get(instanceId)?.value);
    });

    const patch = {
      tags,
      summary: "Start or stop one instance",
      params: AssignmentParams,
      querystring: ChangeQuery,
      body: AssignmentPatch,
      response: { 204: NoContent },
    };
    app.patch("/v1/assignments/:instanceId", { schema: patch }, async (request, reply) => {
      const { instanceId } = request.params;
      await mutate(parts, request, {
        target: { kind: "assignments", id: instanceId },
        work: (change) => setDesired(change, instanceId, request.body.desired),
      });
      return reply.code(204).send(null);
    });

    const erase = {
      tags,
      summary: "Remove one instance for good",
      description: "Its entry has one instance less from now on; else another would take its place.",
      params: AssignmentParams,
      querystring: AssignmentDeleteQuery,
      response: { 204: NoContent },
    };
    app.delete("/v1/assignments/:instanceId", { schema: erase }, async (request, reply) => {
      const { instanceId } = request.params;
      const { force = false } = request.query;
      await mutate(parts, request, {
        target: { kind: "assignments", id: instanceId },
        work: (change) => removeInstance(change, parts.objects, { instanceId, force, now: parts.now() }),
      });
      return reply.code(204).send(null);
    });
  };
}
