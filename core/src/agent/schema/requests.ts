import { AppName, DurationSchema } from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";

const closed = { additionalProperties: false } as const;

export const AppParams = Type.Object({ app: AppName }, closed);
export const ActionParams = Type.Object(
  { app: AppName, action: Type.String({ pattern: "^[a-z][a-z0-9_-]{0,62}$" }) },
  closed,
);

export const WaitQuery = Type.Object(
  {
    wait: Type.Optional(Type.Boolean({ description: "Answer only when it is done." })),
    timeout: Type.Optional(DurationSchema({ description: "Longest wait. Default 30s." })),
  },
  closed,
);

export const RollbackQuery = Type.Object(
  {
    ...WaitQuery.properties,
    revision: Type.Optional(
      Type.Integer({ minimum: 1, description: "Which kept version. Default: the one before the present one." }),
    ),
  },
  closed,
);

/** Comma-separated names of environment variables that are shown in clear. */
export const RevealQuery = Type.Object(
  {
    reveal: Type.Optional(
      Type.String({ maxLength: 4_096, description: "Environment names to show in clear, comma-separated." }),
    ),
  },
  closed,
);

export const LogsQuery = Type.Object(
  {
    instance: Type.Optional(Type.String({ pattern: "^[a-z0-9][a-z0-9._-]{0,79}$" })),
    stream: Type.Optional(Type.Enum(["stdout", "stderr"])),
    tail: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    since: Type.Optional(
      Type.String({ maxLength: 40, description: "A duration back from now, such as 10m, or an ISO 8601 time." }),
    ),
    after: Type.Optional(Type.String({ maxLength: 4_096, description: "A cursor: begin right after that line." })),
    follow: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type LogsQuery = Static<typeof LogsQuery>;

export const EventsQuery = Type.Object(
  {
    app: Type.Optional(AppName),
    follow: Type.Optional(Type.Boolean({ description: "Default true. false: answer what is kept, and end." })),
  },
  closed,
);

export const AgentStopBody = Type.Object(
  { apps: Type.Optional(Type.Boolean({ description: "Stop the apps too." })) },
  closed,
);
