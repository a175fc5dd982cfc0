import { type Static, Type } from "typebox";
import { Assignment } from "./apply.ts";
import { ControllerStatus } from "./controller.ts";

/** Where an instance is in its life. An app's phase is that of its instance that is furthest from what is declared. */
export const Phase = Type.Enum([
  "pending",
  "preparing",
  "starting",
  "running",
  "unhealthy",
  "stopping",
  "stopped",
  "exited",
  "backoff",
  "failed",
]);
export type Phase = Static<typeof Phase>;

export const Health = Type.Object({
  level: Type.Integer({
    minimum: 0,
    maximum: 100,
    description: "Share of the instances that are healthy, in percent.",
  }),
  msg: Type.String(),
});

const time = (description: string) => Type.String({ format: "date-time", description });

export const InstanceStatus = Type.Object(
  {
    instance_id: Type.String(),
    version: Type.String(),
    phase: Phase,
    reason: Type.Optional(
      Type.String({ description: "Why it is in this phase, when that is not plain, and what to do about it." }),
    ),
    run: Type.Integer({ description: "Counts the starts of this instance." }),
    restarts: Type.Integer({ description: "How often it ended by itself and was started again." }),
    health: Health,
    crash_looping: Type.Boolean({ description: "It died at least 5 times within 10 minutes; it is still retried." }),
    started_at: Type.Optional(time("When the present run started.")),
    next_start_at: Type.Optional(time("When the next start is due, in phase backoff.")),
    pid: Type.Optional(Type.Integer()),
    container_id: Type.Optional(Type.String()),
    pod: Type.Optional(Type.String()),
    ports: Type.Optional(
      Type.Array(
        Type.Object({
          container_port: Type.Integer(),
          host_port: Type.Integer(),
          protocol: Type.Enum(["tcp", "udp"]),
        }),
        { description: "Where its ports are on the host." },
      ),
    ),
  },
  { $id: "InstanceStatus" },
);
export type InstanceStatus = Static<typeof InstanceStatus>;

export const UpdateStatus = Type.Object({
  state: Type.Enum(["in_progress", "done", "failed"]),
  from_version: Type.String(),
  to_version: Type.String(),
  reason: Type.Optional(Type.String()),
  failed_instance: Type.Optional(
    Type.String({ description: "By which it failed; its log is kept until the next change." }),
  ),
  at: time("When it came to this state."),
});
export type UpdateStatus = Static<typeof UpdateStatus>;

export const AppStatus = Type.Object(
  {
    app: Type.String(),
    version: Type.String(),
    status: Type.Enum(["running", "stopped", "error", "pending"]),
    healthy: Health,
    updated: time("When anything of this status last changed."),
    phase: Phase,
    reason: Type.Optional(Type.String()),
    desired: Type.Enum(["running", "stopped", "deleted"]),
    runtime: Type.String({
      description: "Name of the runtime that runs it, or would; empty while none does, and no loaded one would.",
    }),
    replicas: Type.Integer({ description: "Instances declared." }),
    restarts: Type.Integer(),
    crash_looping: Type.Boolean(),
    labels: Type.Record(Type.String(), Type.String()),
    update: Type.Optional(UpdateStatus),
    assignment: Type.Optional(Assignment),
    instances: Type.Array(InstanceStatus),
  },
  { $id: "AppStatus" },
);
export type AppStatus = Static<typeof AppStatus>;

export const StatusList = Type.Object(
  {
    apps: Type.Array(AppStatus),
    damaged: Type.Array(Type.Object({ name: Type.String(), file: Type.String(), reason: Type.String() }), {
      description: "Documents that could not be read at start, and where they were put.",
    }),
    controller: Type.Optional(ControllerStatus),
    insecure: Type.Optional(
      Type.Literal(true, { description: "The agent is reachable from outside without a token." }),
    ),
  },
  { $id: "StatusList" },
);
export type StatusList = Static<typeof StatusList>;
