export type { paths as AgentPaths } from "./agent.generated.ts";
export { type AgentClient, type AgentClientOptions, answer, createAgentClient } from "./agent-client.ts";
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
export type { ExecChunk, ExecConnection } from "./exec.ts";
export { type FollowOptions, follow } from "./follow.ts";
export { type Problem, ProblemError, type ProblemIssue } from "./problem-error.ts";
export { readNdjson } from "./streams.ts";
export { UnreachableError } from "./unreachable-error.ts";
