import { AppName, DurationSchema, TextField } from "@damson/plugin-sdk";
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

/** Query of a call that starts, stops or deletes an app. */
export const DeclareQuery = Type.Object(
  {
    ...WaitQuery.properties,
    assignment: Type.Optional(
      Type.String({
        maxLength: 80,
        description: "Id of the instance that the app is of a controller: without it, only a local app is changed.",
      }),
    ),
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

const InstanceId = Type.String({ pattern: "^[a-z0-9][a-z0-9._-]{0,79}$" });

export const LogsQuery = Type.Object(
  {
    instance: Type.Optional(InstanceId),
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

export const StatsQuery = Type.Object(
  {
    follow: Type.Optional(Type.Boolean({ description: "Go on, with a sample of each instance about once a second." })),
  },
  closed,
);

export const TerminalColumns = Type.Integer({ minimum: 1, maximum: 10_000, description: "Default 80." });
export const TerminalRows = Type.Integer({ minimum: 1, maximum: 10_000, description: "Default 24." });

export const ExecQuery = Type.Object(
  {
    instance: Type.Optional(InstanceId),
    command: Type.Array(TextField("The program, then its arguments, each passed as it is."), { minItems: 1 }),
    env: Type.Optional(
      Type.Array(Type.String({ pattern: "^[A-Za-z_][A-Za-z0-9_]*=[^\\u0000]*$" }), {
        description: "NAME=value, added to what the instance itself sees.",
      }),
    ),
    user: Type.Optional(Type.String({ pattern: "^[^\\u0000]{1,255}$", description: "Default: the instance's own." })),
    working_dir: Type.Optional(
      Type.String({ pattern: "^/[^\\u0000]*$", description: "Absolute. Default: the instance's own." }),
    ),
    tty: Type.Optional(Type.Boolean({ description: "Give it a terminal; all its output is then stdout." })),
    columns: Type.Optional(TerminalColumns),
    rows: Type.Optional(TerminalRows),
    stdin: Type.Optional(Type.Boolean({ description: "Whether the client sends input. Default false: it has none." })),
  },
  closed,
);
export type ExecQuery = Static<typeof ExecQuery>;

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
