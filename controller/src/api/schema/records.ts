import { DurationSchema } from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";
import { closed } from "./common.ts";

/** Something that happened. */
export const ControllerEvent = Type.Object(
  {
    id: Type.String(),
    time: Type.String({ format: "date-time" }),
    type: Type.String({ description: "Dotted, past tense, e.g. node.unhealthy." }),
    message: Type.Optional(Type.String()),
    nodeId: Type.Optional(Type.String()),
    deploymentId: Type.Optional(Type.String()),
    deployment: Type.Optional(Type.String()),
    instanceId: Type.Optional(Type.String()),
    artifactId: Type.Optional(Type.String()),
    plugin: Type.Optional(Type.String()),
  },
  { $id: "ControllerEvent", additionalProperties: true },
);
export type ControllerEvent = Static<typeof ControllerEvent>;

export const EventsQuery = Type.Object(
  {
    follow: Type.Optional(Type.Boolean({ description: "false: what is kept, and no more. Default true." })),
    deployment: Type.Optional(Type.String({ maxLength: 128, description: "Only of this deployment, by id or name." })),
    node: Type.Optional(Type.String({ maxLength: 64 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: "The newest so many." })),
    last_event_id: Type.Optional(Type.String({ maxLength: 4_096 })),
  },
  closed,
);

/** One change that was asked for: who, what, when, and what became of it. */
export const AuditRecord = Type.Object(
  {
    id: Type.String(),
    time: Type.String({ format: "date-time" }),
    requestId: Type.String(),
    actor: Type.String({ description: "token, or anonymous; and the address it came from." }),
    method: Type.String(),
    path: Type.String(),
    /** Kind and id of the object. */
    object: Type.Optional(Type.String()),
    operationId: Type.Optional(Type.String()),
    outcome: Type.Enum(["done", "unchanged", "repeated", "refused", "failed"]),
    status: Type.Integer({ description: "Of the answer." }),
    code: Type.Optional(Type.String({ description: "Of the error." })),
    message: Type.Optional(Type.String()),
  },
  { $id: "AuditRecord" },
);
export type AuditRecord = Static<typeof AuditRecord>;

export const AuditQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10_000, description: "The newest so many. Default 100." }),
    ),
    object: Type.Optional(Type.String({ maxLength: 256 })),
    since: Type.Optional(DurationSchema({ description: "Only of so long ago, e.g. 1h." })),
  },
  closed,
);
export const AuditList = Type.Object({ records: Type.Array(AuditRecord, { description: "Newest first." }) });
