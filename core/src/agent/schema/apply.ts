import { AppName, DurationSchema, Version } from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";

const closed = { additionalProperties: false } as const;

/** What to do when an instance ends by itself. */
export const RestartMode = Type.Enum(["always", "on-failure", "never"]);
export type RestartMode = Static<typeof RestartMode>;

export const RestartPolicy = Type.Object(
  {
    policy: Type.Optional(RestartMode),
    delay: Type.Optional(
      DurationSchema({ description: "Wait before the first restart; doubles with each further one. Default 0.5s." }),
    ),
    max_delay: Type.Optional(DurationSchema({ description: "Longest wait between two restarts. Default 60s." })),
  },
  closed,
);

export const StopSettings = Type.Object(
  {
    signal: Type.Optional(
      Type.Enum(["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGKILL"], {
        description: "Sent first. Default SIGTERM.",
      }),
    ),
    grace_seconds: Type.Optional(
      Type.Number({ minimum: 0, maximum: 3_600, description: "Seconds until what still runs is killed. Default 10." }),
    ),
  },
  closed,
);

/** How a new version replaces the old one. */
export const UpdateStrategy = Type.Enum(["recreate", "rolling"]);
export type UpdateStrategy = Static<typeof UpdateStrategy>;

export const UpdateSettings = Type.Object(
  {
    strategy: Type.Optional(UpdateStrategy),
    healthy_within: Type.Optional(
      DurationSchema({ description: "A new instance must be healthy within this. Default 60s." }),
    ),
    min_running: Type.Optional(
      DurationSchema({ description: "Without probes, an instance is healthy when it has run this long. Default 2s." }),
    ),
  },
  closed,
);

export const ProbeSettings = Type.Object(
  { type: Type.String({ minLength: 1, description: "Kind of probe; a probe plugin serves it." }) },
  { additionalProperties: true },
);

/** At most 64, each with a name of 1 to 128 characters. */
export const Labels = Type.Record(Type.String({ pattern: "^.{1,128}$" }), Type.String({ maxLength: 1_024 }), {
  maxProperties: 64,
  additionalProperties: false,
  description: "At most 64; names of 1 to 128 characters, values of at most 1,024.",
});

export const ServiceSettings = Type.Object(
  {
    name: Type.String({
      pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
      description: "Lower-case letters, digits and '-'.",
    }),
    protocol: Type.Optional(Type.Enum(["http", "https", "tcp", "udp", "grpc"], { description: "Default http." })),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    version: Type.Optional(Version),
    labels: Type.Optional(Labels),
  },
  closed,
);

export type ServiceSettings = Static<typeof ServiceSettings>;

/** What to run. Only `type` is common; the runtime that serves the type has the schema of the rest. */
export const PackageBody = Type.Object(
  {
    type: Type.String({
      minLength: 1,
      maxLength: 64,
      description: "Picks the runtime: binary, script, artifact, docker …",
    }),
  },
  { additionalProperties: true, description: "What to run; described by the runtime that serves `type`." },
);

/** Given by a controller, and by nobody else: which of its instances the app is. */
export const Assignment = Type.Object(
  {
    instance_id: Type.String({ description: "Id of the one instance; the same as `app`." }),
    app: Type.String({ minLength: 1, maxLength: 128, description: "What the app itself is told to be called." }),
    deployment: Type.String({ minLength: 1, maxLength: 128, description: "Name of its deployment." }),
    deployment_id: Type.String({ minLength: 1, maxLength: 128 }),
    spec_version: Type.Integer({ minimum: 0, description: "Version of the deployment." }),
    controller_id: Type.Optional(
      Type.String({ minLength: 1, maxLength: 128, description: "Of the store that assigned it." }),
    ),
  },
  { ...closed, description: "Written by a controller: the instance of a deployment that this app is." },
);
export type Assignment = Static<typeof Assignment>;

const common = {
  app: AppName,
  version: Version,
  instances: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1_000,
      description: "Running copies on this node. Default 1; `pkg.replicas` is accepted for it.",
    }),
  ),
  restart: Type.Optional(Type.Union([RestartMode, RestartPolicy], { description: "Default always." })),
  stop: Type.Optional(StopSettings),
  update: Type.Optional(Type.Union([UpdateStrategy, UpdateSettings], { description: "Default recreate." })),
  probes: Type.Optional(Type.Array(ProbeSettings, { maxItems: 16 })),
  services: Type.Optional(Type.Array(ServiceSettings, { maxItems: 64 })),
  labels: Type.Optional(Labels),
  assignment: Type.Optional(Assignment),
};

/** The apply document, as it is sent. `package` is accepted for `pkg`. */
export const ApplyRequest = Type.Object(
  {
    ...common,
    pkg: Type.Optional(PackageBody),
    package: Type.Optional(PackageBody),
  },
  { ...closed, $id: "ApplyRequest" },
);
export type ApplyRequest = Static<typeof ApplyRequest>;

/** The apply document, as it is kept: `package` has become `pkg`. */
export const AppSpec = Type.Object({ ...common, pkg: PackageBody }, closed);
export type AppSpec = Static<typeof AppSpec>;

export const ApplyQuery = Type.Object(
  {
    wait: Type.Optional(Type.Enum(["running", "healthy"], { description: "Answer only when every instance is so." })),
    timeout: Type.Optional(DurationSchema({ description: "Longest wait. Default 30s." })),
  },
  closed,
);

export const ApplyAnswer = Type.Object(
  {
    success: Type.Boolean(),
    message: Type.String(),
    app: Type.String(),
    version: Type.String(),
    changed: Type.Boolean({ description: "false: the app was already declared like this." }),
    warnings: Type.Optional(
      Type.Array(Type.String(), { description: "What was declared and has no effect, or none yet." }),
    ),
  },
  { $id: "ApplyAnswer" },
);
export type ApplyAnswer = Static<typeof ApplyAnswer>;
