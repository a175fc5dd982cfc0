import { DurationSchema, Placement } from "@damson/plugin-sdk";
import { type Static, Type } from "typebox";
import { AssignmentItem } from "./assignments.ts";
import { ChangeQuery, closed, DeploymentRef, Labels, NodeId, ResourceVersion } from "./common.ts";

const Count = Type.Integer({ minimum: 0, maximum: 100_000 });

export const ReplicasField = Type.Union(
  [Count, Type.Record(NodeId, Count, { maxProperties: 10_000, additionalProperties: false })],
  { description: "How many instances, which the scheduler places; or how many on which node. Default 1." },
);

const EntryName = Type.String({
  pattern: "^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$",
  description: "Unique in the deployment. Default the name of its app.",
});

export const UpdateField = Type.Object(
  {
    max_parallel: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        description: "Most instances that are not yet healthy on the new version at any time. Default 1.",
      }),
    ),
    healthy_within: Type.Optional(
      DurationSchema({ description: "An instance must be healthy within this. Default 60s." }),
    ),
    auto_rollback: Type.Optional(
      Type.Boolean({ description: "Whether a rollout that fails goes back by itself. Default true." }),
    ),
  },
  closed,
);

export const EntryRequest = Type.Object(
  {
    name: Type.Optional(EntryName),
    artifactUrl: Type.Optional(
      Type.String({ minLength: 1, maxLength: 2_048, description: "/artifacts/… of this controller, or http(s)://…" }),
    ),
    sha256: Type.Optional(
      Type.String({ pattern: "^[0-9a-fA-F]{64}$", description: "Of the artifact; required with a URL elsewhere." }),
    ),
    startCmd: Type.Optional(
      Type.String({
        pattern: "^[^\\u0000]*$",
        maxLength: 65_536,
        description: "Run by sh -c. Empty or blank: ./start.sh.",
      }),
    ),
    spec: Type.Optional(
      Type.Object({}, { additionalProperties: true, description: "The agent's apply document, passed through." }),
    ),
    replicas: Type.Optional(ReplicasField),
    placement: Type.Optional(Placement),
  },
  { ...closed, description: "One app: `spec`, or `artifactUrl` as Plum's clients send it." },
);
export type EntryRequest = Static<typeof EntryRequest>;

/** A deployment as it is sent: `entries`, or one entry's fields beside the name. */
export const DeploymentRequest = Type.Object(
  {
    name: Type.String({ pattern: "^[A-Za-z0-9]([A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$" }),
    labels: Type.Optional(Labels),
    entries: Type.Optional(Type.Array(EntryRequest, { minItems: 1, maxItems: 64 })),
    artifactUrl: EntryRequest.properties.artifactUrl,
    sha256: EntryRequest.properties.sha256,
    startCmd: EntryRequest.properties.startCmd,
    spec: EntryRequest.properties.spec,
    replicas: EntryRequest.properties.replicas,
    placement: EntryRequest.properties.placement,
    update: Type.Optional(UpdateField),
  },
  { ...closed, $id: "DeploymentRequest" },
);
export type DeploymentRequest = Static<typeof DeploymentRequest>;

/** What is to run from now on; the name, when it is given, is the one that the deployment has. */
export const RolloutRequest = Type.Object(
  { ...DeploymentRequest.properties, name: Type.Optional(DeploymentRequest.properties.name) },
  { ...closed, $id: "RolloutRequest" },
);
export type RolloutRequest = Static<typeof RolloutRequest>;

export const DeploymentAnswer = Type.Object(
  {
    deploymentId: Type.String(),
    taskId: Type.String({ description: "Plum's name for deploymentId." }),
    instances: Type.Array(Type.String(), { description: "Ids of its instances." }),
    version: Type.Integer(),
    changed: Type.Boolean({ description: "false: it was already so." }),
    warnings: Type.Array(Type.String()),
    resourceVersion: ResourceVersion,
  },
  { $id: "DeploymentAnswer" },
);
export type DeploymentAnswer = Static<typeof DeploymentAnswer>;

export const RolloutStatus = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  state: Type.Enum(["in_progress", "rolling_back", "done", "failed", "rolled_back"]),
  reason: Type.Optional(Type.String()),
  startedAt: Type.String({ format: "date-time" }),
  at: Type.String({ format: "date-time" }),
});

export const DeploymentSummary = Type.Object(
  {
    deploymentId: Type.String(),
    taskId: Type.String(),
    name: Type.String(),
    labels: Type.Record(Type.String(), Type.String()),
    status: Type.Enum(["Running", "Stopped"]),
    paused: Type.Boolean(),
    version: Type.Integer(),
    instances: Type.Integer({ description: "Instances that have a place." }),
    wanted: Type.Integer({ description: "Instances that there should be." }),
    healthy: Type.Integer(),
    updated: Type.Integer({ description: "Instances that run the present version." }),
    failing: Type.Integer({ description: "Instances that have failed, or crash again and again." }),
    unplaced: Type.Integer({ description: "Instances for which there is no node." }),
    rollout: RolloutStatus,
    deleting: Type.Optional(Type.Literal(true, { description: "It goes as soon as its last instance has gone." })),
    createdAt: Type.String({ format: "date-time" }),
    updatedAt: Type.String({ format: "date-time" }),
    resourceVersion: ResourceVersion,
  },
  { $id: "DeploymentSummary" },
);
export type DeploymentSummary = Static<typeof DeploymentSummary>;

export const EntryView = Type.Object({
  name: Type.String(),
  app: Type.String(),
  appVersion: Type.String(),
  artifactUrl: Type.Optional(Type.String()),
  startCmd: Type.Optional(Type.String()),
  spec: Type.Optional(Type.Unknown({ description: "Values of its environment are hidden unless asked for by name." })),
  replicas: ReplicasField,
  placement: Type.Optional(Placement),
});

export const DeploymentDetail = Type.Object(
  {
    deployment: Type.Intersect([DeploymentSummary, Type.Object({ entries: Type.Array(EntryView) })]),
    assignments: Type.Array(AssignmentItem),
  },
  { $id: "DeploymentDetail" },
);

/** Plum's shape of one task, generation A. */
export const TaskDetail = Type.Object({
  task: Type.Object({
    TaskID: Type.String(),
    Name: Type.String(),
    Labels: Type.Record(Type.String(), Type.String()),
  }),
  assignments: Type.Array(
    Type.Object({
      InstanceID: Type.String(),
      TaskID: Type.String(),
      NodeID: Type.String(),
      Desired: Type.String(),
      ArtifactURL: Type.String(),
      StartCmd: Type.String(),
    }),
  ),
});

export const DeploymentParams = Type.Object({ id: DeploymentRef }, closed);

/** How a deployment is deleted. */
export const DeploymentsQuery = Type.Object(
  { deleting: Type.Optional(Type.Boolean({ description: "Also those that are being deleted." })) },
  closed,
);

export const DeploymentDeleteQuery = Type.Object(
  {
    ...ChangeQuery.properties,
    force: Type.Optional(
      Type.Boolean({
        description: "Forget at once the instances on nodes that cannot be reached, instead of waiting.",
      }),
    ),
  },
  closed,
);

/** The form in which Plum's newer clients start and stop a deployment. */
export const ActionQuery = Type.Object({ ...ChangeQuery.properties, action: Type.Enum(["start", "stop"]) }, closed);
export const ActionAnswer = Type.Object({
  deploymentId: Type.String(),
  status: Type.Enum(["Running", "Stopped"]),
  message: Type.String(),
});

export const DeploymentPatch = Type.Object(
  {
    name: Type.Optional(Type.String({ description: "Only the name that it has." })),
    labels: Type.Optional(Labels),
  },
  closed,
);

/** For a deployment of one entry `replicas`; else by entry. What is not named stays as it is. */
export const ScaleRequest = Type.Object(
  {
    replicas: Type.Optional(ReplicasField),
    entries: Type.Optional(Type.Record(EntryName, ReplicasField, { maxProperties: 64, additionalProperties: false })),
  },
  closed,
);
export type ScaleRequest = Static<typeof ScaleRequest>;

export const RollbackRequest = Type.Object(
  {
    version: Type.Optional(
      Type.Integer({ minimum: 1, description: "Default the newest before the present one that has not failed." }),
    ),
  },
  closed,
);

export const VersionView = Type.Object({
  version: Type.Integer(),
  current: Type.Boolean(),
  failed: Type.Boolean(),
  createdAt: Type.String({ format: "date-time" }),
  entries: Type.Array(EntryView),
});
export const VersionViews = Type.Object({ versions: Type.Array(VersionView) });

export const Explanation = Type.Object(
  {
    deploymentId: Type.String(),
    name: Type.String(),
    entries: Type.Array(
      Type.Object({
        entry: Type.String(),
        wanted: Type.Integer(),
        placed: Type.Integer(),
        at: Type.Optional(Type.String({ format: "date-time", description: "When the scheduler last looked." })),
        scheduler: Type.Optional(Type.String()),
        evaluated: Type.Integer({ description: "Nodes that it looked at." }),
        unplaced: Type.Integer(),
        instances: Type.Array(
          Type.Object({
            instanceId: Type.String(),
            nodeId: Type.String(),
            cause: Type.String(),
            text: Type.String(),
            score: Type.Optional(Type.Number()),
            parts: Type.Optional(Type.Record(Type.String(), Type.Number())),
          }),
        ),
        rejected: Type.Array(Type.Object({ nodeId: Type.String(), filter: Type.String(), reason: Type.String() })),
        rejectedMore: Type.Integer({ description: "Nodes that were rejected beside those in the list." }),
      }),
    ),
  },
  { $id: "Explanation" },
);
export type Explanation = Static<typeof Explanation>;
