import type { Routes } from "@damson/core/http";
import { DamsonError } from "@damson/plugin-sdk";
import type { ApiParts } from "./routes.ts";
import { AssignmentParams } from "./schema/assignments.ts";
import { NoContent } from "./schema/common.ts";
import { StatusBatchAnswer, StatusesRequest, StatusHistory } from "./schema/statuses.ts";

const tags = ["nodes"];

export function statusRoutes({ parts, nodes, statuses }: ApiParts): Routes {
  const { objects } = parts;
  return async (app) => {
    app.post(
      "/v1/instances/status",
      {
        schema: {
          tags,
          summary: "Tell how instances are",
          description:
            "One report, as Plum's agents send it: 204. A batch of a node: 200, with those that are not its own.",
          body: StatusesRequest,
          response: { 200: StatusBatchAnswer, 204: NoContent },
        },
      },
      async ({ body }, reply) => {
        if ("statuses" in body) {
          const { accepted, unknown } = await statuses.take(body.nodeId, body.statuses);
          await nodes.extend(body.nodeId);
          return { accepted, unknown: [...unknown] };
        }
        const assignment = objects.assignments.get(body.instanceId)?.value;
        if (!assignment) throw instanceNotFound(body.instanceId);
        await statuses.takeOfPlum(assignment, body);
        await nodes.extend(assignment.nodeId);
        return reply.code(204).send(null);
      },
    );
    app.get(
      "/v1/instances/:instanceId/statuses",
      {
        schema: {
          tags,
          summary: "What was told of an instance",
          params: AssignmentParams,
          response: { 200: StatusHistory },
        },
      },
      async ({ params: { instanceId } }) => {
        const nodeId = objects.assignments.get(instanceId)?.value.nodeId;
        if (nodeId === undefined) throw instanceNotFound(instanceId);
        const record = objects.statuses.get(instanceId)?.value;
        return { instanceId, nodeId, statuses: record ? [record.latest, ...record.history] : [] };
      },
    );
  };
}

function instanceNotFound(instanceId: string): DamsonError {
  return new DamsonError("INSTANCE_NOT_FOUND", `There is no instance "${instanceId}"`, {
    status: 404,
    remedy: "GET /v1/assignments?nodeId=… lists the instances of a node.",
  });
}
