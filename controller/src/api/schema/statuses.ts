import { type Static, Type } from "typebox";
import { closed, InstanceId, NodeId } from "./common.ts";

const report = {
  instanceId: InstanceId,
  phase: Type.Enum(["Running", "Stopped", "Exited", "Failed", "Pending", "Completed"]),
  exitCode: Type.Optional(Type.Integer()),
  healthy: Type.Optional(Type.Boolean()),
  tsUnix: Type.Optional(Type.Integer({ description: "Unix seconds by the agent's clock." })),
};

/** Plum's report of one instance. */
export const StatusReport = Type.Object(report, closed);

/** What an agent of Damson adds. */
export const AgentStatusReport = Type.Object(
  {
    ...report,
    seq: Type.Integer({ minimum: 0, description: "Rises with each report of the node; older ones are dropped." }),
    detail: Type.Optional(Type.String({ maxLength: 64 })),
    reason: Type.Optional(Type.String({ maxLength: 4_096 })),
    restarts: Type.Optional(Type.Integer({ minimum: 0 })),
    crashLooping: Type.Optional(Type.Boolean()),
    specVersion: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
);
export type AgentStatusReport = Static<typeof AgentStatusReport>;

export const StatusBatch = Type.Object(
  { nodeId: NodeId, statuses: Type.Array(AgentStatusReport, { maxItems: 1_000 }) },
  closed,
);
export type StatusBatch = Static<typeof StatusBatch>;

export const StatusesRequest = Type.Union([StatusReport, StatusBatch]);

export const StatusBatchAnswer = Type.Object({
  accepted: Type.Integer(),
  unknown: Type.Array(Type.String(), { description: "Instances that are not assigned to this node." }),
});

const InstanceReportView = Type.Object({
  phase: Type.String(),
  healthy: Type.Boolean(),
  exitCode: Type.Optional(Type.Integer()),
  detail: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  restarts: Type.Optional(Type.Integer()),
  crashLooping: Type.Optional(Type.Boolean()),
  specVersion: Type.Optional(Type.Integer()),
  tsUnix: Type.Integer(),
  receivedAt: Type.Integer(),
});

export const StatusHistory = Type.Object({
  instanceId: Type.String(),
  nodeId: Type.String(),
  statuses: Type.Array(InstanceReportView, { description: "Newest first." }),
});
