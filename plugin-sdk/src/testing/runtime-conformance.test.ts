import { memoryHarness } from "./fixtures/memory-harness.ts";
import { runtimeConformance } from "./runtime-conformance.ts";

runtimeConformance("memory", () => memoryHarness(), {
  deadlineMs: 5_000,
  quietMs: 20,
  graceMs: 50,
  floodLines: 5_000,
});
