export { ChildProgram } from "./child-program.ts";
export { type ConformanceCase, conformanceCases } from "./conformance-cases.ts";
export type { RuntimeHarness } from "./harness.ts";
export { hostExec } from "./host-exec.ts";
export { type HostProcess, hostProcessesOf } from "./host-processes.ts";
export { CONFORMANCE_DEFAULTS, type ConformanceOptions } from "./options.ts";
export {
  type Behaviour,
  BYTES,
  FLOOD_LINE_BYTES,
  LONG_LINE_BYTES,
  type Program,
} from "./programs.ts";
export { runtimeConformance } from "./runtime-conformance.ts";
export {
  node as sampleNode,
  nodes as sampleNodes,
  request as sampleRequest,
} from "./scheduler/samples.ts";
export type { SchedulerCase } from "./scheduler/scheduler-case.ts";
export { SCHEDULER_CASES } from "./scheduler/scheduler-cases.ts";
export { schedulerConformance } from "./scheduler/scheduler-conformance.ts";
export type { StoreCase } from "./store/store-case.ts";
export { storeCases } from "./store/store-cases.ts";
export { storeConformance } from "./store/store-conformance.ts";
export {
  type OpenedTestStore,
  STORE_CONFORMANCE_DEFAULTS,
  type StoreConformanceOptions,
  type StoreHarness,
  type StorePlace,
} from "./store/store-harness.ts";
