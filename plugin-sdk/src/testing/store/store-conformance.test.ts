import { memoryStoreHarness } from "./fixtures/memory-store-harness.ts";
import { storeConformance } from "./store-conformance.ts";

storeConformance("memory", memoryStoreHarness(), { deadlineMs: 5_000 });
