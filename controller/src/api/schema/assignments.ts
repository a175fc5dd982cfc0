import { type Static, Type } from "typebox";
import { ChangeQuery, closed, DeploymentRef, InstanceId, NodeId, ResourceVersion } from "./common.ts";

/** One instance on one node, with what its agent last said of it. */
export const AssignmentItem = Type.Object(
  {
    instanceId: Type.String(),
    taskId: Type.String({ description: "Plum's name for deploymentId." }),
    deploymentId: Type.String(),
    deployment: Type.String({ description: "Name of the deployment." }),
    entry: Type.String(),
    nodeId: Type.String(),
    desired: Type.Enum(["Running", "Stopped"]),
    artifactUrl: Type.String({ description: "Empty for an entry with a spec." }),
    startCmd: Type.String(),
    appName: Type.String(),
    appVersion: Type.String(),
    specVersion: Type.Integer(),
    phase: Type.String({ description: "Running, Stopped, Exited, Failed or Pending; empty before the first report." }),
    healthy: Type.Boolean(),
    lastReportAt: Type.Integer({ description: "Unix seconds by the controller's clock; 0 before the first report." }),
    exitCode: Type.Optional(Type.Integer()),
    detail: Type.Optional(Type.String({ description: "The agent's own phase." })),
    reason: Type.Optional(Type.String()),
    restarts: Type.Optional(Type.Integer()),
    removing: Type.Optional(Type.String({ description: "It is going: why." })),
    apply: Type.Optional(
      Type.Unknown({ description: "With include=apply: the apply document, as the agent's /v1/apply takes it." }),
    ),
    resourceVersion: ResourceVersion,
  },
  { $id: "AssignmentItem" },
);
export type AssignmentItem = Static<typeof AssignmentItem>;

export const AssignmentList = Type.Object(
  {
    items: Type.Array(AssignmentItem),
    controllerId: Type.String(),
    revision: Type.Integer({ description: "Of the node's list; rises with each change of what should run there." }),
  },
  { $id: "AssignmentList" },
);

export const AssignmentsQuery = Type.Object(
  {
    nodeId: Type.Optional(NodeId),
    deploymentId: Type.Optional(DeploymentRef),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    include: Type.Optional(
      Type.Enum(["apply"], {
        description: "For agents: with the apply documents; the answer has an ETag that rises with `revision` alone.",
      }),
    ),
  },
  closed,
);

export const AssignmentParams = Type.Object({ instanceId: InstanceId }, closed);
export const AssignmentPatch = Type.Object({ desired: Type.Enum(["Running", "Stopped"]) }, closed);

export const AssignmentDeleteQuery = Type.Object(
  {
    ...ChangeQuery.properties,
    force: Type.Optional(
      Type.Boolean({ description: "Forget it without waiting for its node, e.g. when the node is gone for good." }),
    ),
  },
  closed,
);
