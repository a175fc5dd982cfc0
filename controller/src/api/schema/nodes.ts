import { type Static, Type } from "typebox";
import { ChangeQuery, closed, InstanceId, Labels, NodeId, ResourceVersion } from "./common.ts";

const Sha256 = Type.String({ pattern: "^[0-9a-f]{64}$" });

export const RuntimeReport = Type.Object(
  {
    name: Type.String({ maxLength: 64 }),
    version: Type.Optional(Type.String({ maxLength: 256 })),
    usable: Type.Boolean(),
    reason: Type.Optional(Type.String({ maxLength: 4_096 })),
    packageTypes: Type.Record(Type.String({ pattern: "^.{1,64}$" }), Sha256, {
      ...closed,
      maxProperties: 64,
      description: "SHA-256 of the JSON Schema of each package type that it serves.",
    }),
  },
  closed,
);
export type RuntimeReport = Static<typeof RuntimeReport>;

export const Capacity = Type.Object(
  {
    cpu: Type.Optional(Type.Number({ minimum: 0, description: "Cores." })),
    memory: Type.Optional(Type.Integer({ minimum: 0, description: "Bytes." })),
  },
  closed,
);

/** What an agent of Damson adds to Plum's heartbeat. Facts that are left out stay as they were told before. */
export const AgentFacts = Type.Object(
  {
    owner: Type.String({ maxLength: 128, description: "Id that the agent made for itself at its first start." }),
    version: Type.Optional(Type.String({ maxLength: 64 })),
    url: Type.Optional(Type.String({ maxLength: 2_048, description: "Where its own API answers." })),
    capacity: Type.Optional(Capacity),
    runtimes: Type.Optional(Type.Array(RuntimeReport, { maxItems: 32 })),
    schemas: Type.Optional(
      Type.Record(Sha256, Type.Unknown(), {
        ...closed,
        maxProperties: 64,
        description: "Schemas that the controller asked for.",
      }),
    ),
    seen: Type.Optional(
      Type.Object(
        {
          controllerId: Type.String({ maxLength: 64 }),
          revision: Type.Integer({ minimum: 0 }),
          instances: Type.Array(InstanceId, { maxItems: 10_000 }),
        },
        {
          ...closed,
          description:
            "The newest list of assignments that it has brought about, and all instances that it still has: what is not " +
            "among them is gone.",
        },
      ),
    ),
  },
  closed,
);
export type AgentFacts = Static<typeof AgentFacts>;

export const Heartbeat = Type.Object(
  {
    nodeId: NodeId,
    ip: Type.Optional(Type.String({ maxLength: 256 })),
    labels: Type.Optional(Labels),
    agent: Type.Optional(AgentFacts),
  },
  { ...closed, $id: "Heartbeat" },
);
export type Heartbeat = Static<typeof Heartbeat>;

export const HeartbeatAnswer = Type.Object(
  {
    ttlSec: Type.Number({ description: "Without a message for this long, the node is Unknown." }),
    controllerId: Type.String({ description: "Of the controller's store: revisions of another one mean nothing." }),
    revision: Type.Integer({
      description: "Of the node's list of assignments: another than the last one means: fetch.",
    }),
    schemasWanted: Type.Array(Sha256, { description: "Schemas to send with the next heartbeat." }),
    factsWanted: Type.Optional(
      Type.Literal(true, {
        description: "The controller knows the node no more: tell all facts with the next heartbeat.",
      }),
    ),
  },
  { $id: "HeartbeatAnswer" },
);
export type HeartbeatAnswer = Static<typeof HeartbeatAnswer>;

export const Node = Type.Object(
  {
    nodeId: Type.String(),
    ip: Type.String(),
    labels: Type.Record(Type.String(), Type.String()),
    lastSeen: Type.Integer({ description: "Unix seconds." }),
    health: Type.Enum(["Healthy", "Unknown", "Unhealthy"]),
    healthSince: Type.String({ format: "date-time" }),
    reason: Type.Optional(Type.String()),
    link: Type.Enum(["stream", "push"]),
    agentUrl: Type.Optional(Type.String()),
    version: Type.Optional(Type.String()),
    capacity: Capacity,
    used: Capacity,
    runtimes: Type.Array(RuntimeReport),
    cordoned: Type.Boolean(),
    draining: Type.Boolean(),
    instances: Type.Integer({ description: "Instances placed on it." }),
    registeredAt: Type.String({ format: "date-time" }),
    resourceVersion: ResourceVersion,
  },
  { $id: "Node" },
);
export type Node = Static<typeof Node>;

export const NodeList = Type.Array(Node);
export const NodeParams = Type.Object({ nodeId: NodeId }, closed);

/** How a node is forgotten. */
export const NodeDeleteQuery = Type.Object(
  {
    ...ChangeQuery.properties,
    force: Type.Optional(
      Type.Boolean({
        description:
          "Also a node that is not Healthy while instances are placed on it: they are lost, and placed anew.",
      }),
    ),
  },
  closed,
);

export const DrainRequest = Type.Object(
  {
    maxParallel: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, description: "Most instances that move at once. Default 5." }),
    ),
  },
  closed,
);

export const FailbackAnswer = Type.Object({
  moved: Type.Integer({ description: "Instances that are on their way back." }),
});

export const StreamQuery = Type.Object(
  { nodeId: NodeId, last_event_id: Type.Optional(Type.String({ maxLength: 4_096 })) },
  closed,
);
