import type { Routes } from "@damson/core/http";
import { removeInstance, setDesired } from "../deployments/instances.ts";
import { mutate } from "./mutate.ts";
import type { ApiParts } from "./routes.ts";
import { AssignmentDeleteQuery, AssignmentParams, AssignmentPatch } from "./schema/assignments.ts";
import { ChangeQuery, NoContent } from "./schema/common.ts";

const tags = ["deployments"];

/** Single instances: whether they run, and whether they are. */
export function instanceRoutes({ parts }: ApiParts): Routes {
  return async (app) => {
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
