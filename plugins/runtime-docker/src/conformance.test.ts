import { runtimeConformance } from "@damson/plugin-sdk/testing";
import { describe, it } from "vitest";
import { dockerHarness } from "./fixtures/harness.ts";
import { noEngine, socketPath } from "./fixtures/test-engine.ts";

/** The engine takes about 7 s to give a log of 100 MB, alone on a machine of two cores. */
const PATIENCE = { deadlineMs: 60_000 };

if (noEngine === undefined) runtimeConformance("docker", () => dockerHarness(socketPath), PATIENCE);
else describe("runtime docker", () => it("keeps to the contract", ({ skip }) => skip(noEngine)));
