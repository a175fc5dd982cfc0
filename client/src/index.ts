export type { paths as AgentPaths } from "./agent.generated.ts";
export { type AgentClient, createAgentClient } from "./agent-client.ts";
export type {
  AgentEvent,
  ApplyAnswer,
  ApplyRequest,
  AppStatus,
  ExecQuery,
  ExitList,
  InstanceStatus,
  InstanceUsage,
  LogRecord,
  LogsQuery,
  PluginList,
  StatusList,
  UsageList,
  VersionList,
} from "./agent-types.ts";
export { answer, type ClientOptions, type Connection } from "./connection.ts";
export type { paths as ControllerPaths } from "./controller.generated.ts";
export { type ControllerClient, createControllerClient, type UploadOptions } from "./controller-client.ts";
export type {
  Artifact,
  AssignmentItem,
  AssignmentList,
  AuditQuery,
  AuditRecord,
  ControllerEvent,
  ControllerHealth,
  ControllerPlugins,
  DeploymentAnswer,
  DeploymentDetail,
  DeploymentRequest,
  DeploymentSummary,
  DeploymentVersions,
  Endpoint,
  EventsQuery,
  Explanation,
  Heartbeat,
  HeartbeatAnswer,
  Node,
  RegisteredAgent,
  RegisterRequest,
  StatusBatchAnswer,
  StatusesRequest,
} from "./controller-types.ts";
export type { ExecChunk, ExecConnection } from "./exec.ts";
export { type FollowOptions, follow } from "./follow.ts";
export { type Problem, ProblemError, type ProblemIssue } from "./problem-error.ts";
export { readNdjson } from "./streams.ts";
export { UnreachableError } from "./unreachable-error.ts";
