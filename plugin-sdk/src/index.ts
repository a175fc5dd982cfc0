export { CONTRACT, definePlugin, type Plugin, type PluginDefinition, pluginContract } from "./define-plugin.ts";
export { type Duration, DurationSchema, durationMs } from "./duration.ts";
export {
  DamsonError,
  type DamsonErrorOptions,
  type ErrorPlace,
  errorText,
  hasCode,
  type Issue,
  isDamsonError,
} from "./error.ts";
export type { Json, JsonObject } from "./json.ts";
export type { Logger } from "./logger.ts";
export { Manifest, PLUGIN_KEYWORD } from "./manifest.ts";
export { type MemorySize, MemorySizeSchema, memoryBytes } from "./memory-size.ts";
export { APP_NAME_PATTERN, AppName, isAppName, isVersion, RESERVED_NAMES, VERSION_PATTERN, Version } from "./names.ts";
export {
  ArgumentsField,
  EnvironmentField,
  LogsField,
  ReplicasField,
  ResourcesField,
  TextField,
} from "./package-fields.ts";
export { type PackageReader, packageReader } from "./package-reader.ts";
export type {
  Contribute,
  Events,
  HostEvent,
  HostFacts,
  PluginContext,
  Services,
  Storage,
  StoredDocument,
} from "./plugin-context.ts";
export type { RuntimeCapabilities } from "./runtime/capabilities.ts";
export type { InstanceEvent } from "./runtime/events.ts";
export type { ExecOutput, ExecRequest, ExecSession, TerminalSize } from "./runtime/exec.ts";
export { type ExitStatus, exitStatusOf, isUnknownExit, unknownExit } from "./runtime/exit-status.ts";
export type { Handle, UnitId, UnitNames, UnitPort } from "./runtime/handle.ts";
export type { RuntimeHealth } from "./runtime/health.ts";
export type { Instance, Package } from "./runtime/instance.ts";
export type { LogLine, LogQuery, LogStream } from "./runtime/logs.ts";
export type { Progress, ReportProgress } from "./runtime/progress.ts";
export type { Recovered } from "./runtime/recovered.ts";
export { RUNTIME_DEADLINES_MS, type Runtime } from "./runtime/runtime.ts";
export type { StopOptions, StopResult } from "./runtime/stop.ts";
export { isRuntimeUnavailable, runtimeUnavailable } from "./runtime/unavailable.ts";
export type { ResourceUsage } from "./runtime/usage.ts";
export { watchUsage } from "./runtime/watch-usage.ts";
export type { Resources, SchedulerNode } from "./scheduler/node.ts";
export { Affinity, Constraint, Placement } from "./scheduler/placement.ts";
export type {
  Choice,
  PlacementRequest,
  PlacementResult,
  PlacementSnapshot,
  Rejection,
  Scheduler,
} from "./scheduler/scheduler.ts";
export { SECRET_FORMAT, Secret } from "./secret.ts";
export { runtimeRef, type ServiceRef, serviceRef } from "./service-ref.ts";
export {
  type CheckedCommit,
  checkLeaseTtl,
  checkStoreCommit,
  checkStoreKey,
  checkStoreListOptions,
  checkStorePrefix,
  checkStoreRevision,
} from "./store/check.ts";
export {
  STORE_KEY_PATTERN,
  STORE_LIMITS,
  type StoreCommit,
  type StoreCommitted,
  type StoreCompare,
  type StoreOperation,
} from "./store/commit.ts";
export type { StoreBatch, StoreEntry, StoreEvent } from "./store/entry.ts";
export { storeCompacted, storeLeaseGone, storeUnavailable } from "./store/errors.ts";
export { STORE_DEADLINES_MS, type Store, type StoreList, type StoreListOptions } from "./store/store.ts";
