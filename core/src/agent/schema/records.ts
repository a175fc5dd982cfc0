import { type Static, Type } from "typebox";
import { AppSpec } from "./apply.ts";

/** Why a run ended. */
export const ExitReason = Type.Enum(["exit", "signal", "oom", "stop_requested", "start_failed", "unknown"]);
export type ExitReason = Static<typeof ExitReason>;

export const ExitRecord = Type.Object(
  {
    instance_id: Type.String(),
    version: Type.String(),
    run: Type.Integer(),
    code: Type.Union([Type.Integer(), Type.Null()], {
      description: "128 + n when signal n ended it; null when unknown.",
    }),
    signal: Type.Union([Type.String(), Type.Null()]),
    oom: Type.Boolean(),
    reason: ExitReason,
    detail: Type.Optional(
      Type.String({ description: "What else is known; of a start that failed, why, and what to do about it." }),
    ),
    started_at: Type.Union([Type.String({ format: "date-time" }), Type.Null()]),
    ended_at: Type.Union([Type.String({ format: "date-time" }), Type.Null()], {
      description: "null when nobody saw it.",
    }),
    log_cursor: Type.Union([Type.String(), Type.Null()], {
      description: "End of the log at that moment, for `after`.",
    }),
  },
  { $id: "ExitRecord" },
);
export type ExitRecord = Static<typeof ExitRecord>;

export const ExitList = Type.Object({ exits: Type.Array(ExitRecord) }, { $id: "ExitList" });
export type ExitList = Static<typeof ExitList>;

export const VersionRecord = Type.Object(
  {
    revision: Type.Integer(),
    version: Type.String(),
    current: Type.Boolean(),
    failed: Type.Boolean({ description: "An update to it failed and was taken back; a rollback passes it over." }),
    applied_at: Type.String({ format: "date-time" }),
    spec: AppSpec,
  },
  { $id: "VersionRecord" },
);

export const VersionList = Type.Object({ versions: Type.Array(VersionRecord) }, { $id: "VersionList" });
export type VersionList = Static<typeof VersionList>;

export const InstanceUsage = Type.Object(
  {
    instance_id: Type.String(),
    at: Type.String({ format: "date-time" }),
    cpu_seconds: Type.Number(),
    memory_bytes: Type.Integer(),
    memory_limit_bytes: Type.Optional(Type.Integer()),
    processes: Type.Integer(),
  },
  { $id: "InstanceUsage" },
);
export type InstanceUsage = Static<typeof InstanceUsage>;
export const UsageList = Type.Object({ instances: Type.Array(InstanceUsage) }, { $id: "UsageList" });
export type UsageList = Static<typeof UsageList>;

export const LogRecord = Type.Object(
  {
    instance_id: Type.String(),
    stream: Type.Enum(["stdout", "stderr"]),
    time: Type.Union([Type.String({ format: "date-time" }), Type.Null()]),
    text: Type.String(),
    base64: Type.Optional(Type.String()),
    partial: Type.Optional(Type.Literal(true)),
    skipped: Type.Optional(
      Type.Union([Type.Integer(), Type.Null()], {
        description: "Bytes dropped before this line to keep within the limit; null when nobody knows how many.",
      }),
    ),
    cursor: Type.String(),
  },
  { $id: "LogRecord" },
);
export type LogRecord = Static<typeof LogRecord>;

export const AgentEvent = Type.Object(
  {
    id: Type.String(),
    time: Type.String({ format: "date-time" }),
    type: Type.String({
      description: "e.g. app.applied, instance.running, instance.exited, instance.crash_looping, runtime.unavailable",
    }),
    app: Type.Optional(Type.String()),
    instance_id: Type.Optional(Type.String()),
    runtime: Type.Optional(Type.String()),
    message: Type.Optional(Type.String()),
  },
  { $id: "AgentEvent", additionalProperties: true },
);
export type AgentEvent = Static<typeof AgentEvent>;
