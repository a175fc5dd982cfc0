import type { Routes } from "@damson/core/http";
import { DamsonError } from "@damson/plugin-sdk";
import { Type } from "typebox";
import { assignmentsOfDeployment, assignmentsOfNode, listForAgent } from "../assignments/list-assignments.ts";
import { findDeployment } from "../deployments/find.ts";
import type { ApiParts } from "./routes.ts";
import { type AssignmentItem, AssignmentList, AssignmentsQuery } from "./schema/assignments.ts";

/** It has no body, also not one of `null`: the length of that would be taken for that of the list. */
const NotModified = Type.Unsafe<undefined>({
  type: "null",
  description: "The list has the revision that If-None-Match names.",
});

export function assignmentRoutes({ parts, nodes }: ApiParts): Routes {
  return async (app) => {
    app.get(
      "/v1/assignments",
      {
        schema: {
          tags: ["deployments"],
          summary: "Instances of a node or a deployment",
          querystring: AssignmentsQuery,
          response: { 200: AssignmentList, 304: NotModified },
        },
      },
      async ({ query, headers }, reply) => {
        const { nodeId, deploymentId, limit, include } = query;
        if (nodeId === undefined && deploymentId === undefined) throw nodeIdRequired();
        const answer = (items: AssignmentItem[], revision: number) => ({
          items: items.slice(0, limit),
          controllerId: parts.controllerId,
          revision,
        });
        if (nodeId === undefined) {
          const { id } = findDeployment(parts.objects, deploymentId ?? "");
          return answer(assignmentsOfDeployment(parts, id), parts.objects.revision);
        }
        const wanted = (item: AssignmentItem) =>
          deploymentId === undefined || [item.deploymentId, item.deployment].includes(deploymentId);
        if (include === undefined) {
          const items = assignmentsOfNode(parts, nodeId).filter(wanted);
          return answer(items, nodes.lists.revisionOf(nodeId));
        }
        await nodes.extend(nodeId);
        const revision = nodes.lists.revisionOf(nodeId);
        const tag = `"${parts.controllerId}-${revision}"`;
        void reply.header("etag", tag);
        if (headers["if-none-match"] === tag) return reply.code(304).send(undefined);
        return answer(listForAgent(parts, nodeId).filter(wanted), revision);
      },
    );
  };
}

function nodeIdRequired(): DamsonError {
  return new DamsonError("NODE_ID_REQUIRED", "nodeId required", {
    status: 400,
    remedy: "Ask with ?nodeId=… for the instances of a node, or with ?deploymentId=… for those of a deployment.",
  });
}
