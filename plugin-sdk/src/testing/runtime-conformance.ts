import { afterAll, describe } from "vitest";
import { conformanceCases } from "./conformance-cases.ts";
import type { RuntimeHarness } from "./harness.ts";
import { CONFORMANCE_DEFAULTS, type ConformanceOptions } from "./options.ts";
import { registerCases } from "./register-cases.ts";

/** A case waits for several things one after another; each has its own deadline, which names what did not come. */
const DEADLINES_PER_CASE = 6;

/**
 * Registers the conformance suite of runtimes as vitest tests: what `Runtime` promises, method by method, happy path and
 * failure, in the same words for every runtime. Call it at the top of a test file.
 *
 * Cases that the harness has no means for are registered as skipped, with the reason in their name.
 *
 * @param name - The runtime's name, for the report.
 * @param makeRuntime - Called once, when tests are collected.
 * @param options - @default {@link CONFORMANCE_DEFAULTS}
 *
 * @example
 * runtimeConformance("process", () => {
 *   const directory = mkdtempSync(join(tmpdir(), "conformance-"));
 *   return {
 *     capabilities: PROCESS_CAPABILITIES,
 *     limitsCanBeSet: false,
 *     open: async (owner) => new ProcessRuntime(join(directory, owner)),
 *     package: ({ script, environment, memoryLimit }) => ({
 *       type: "binary",
 *       command: ["/bin/sh"],
 *       args: ["-c", script],
 *       environment,
 *       ...(memoryLimit === undefined ? {} : { resources: { memory_limit: memoryLimit } }),
 *     }),
 *     samples: { binary: { type: "binary", command: ["/bin/true"], args: [], environment: {} } },
 *     commandMissing: () => ({ type: "binary", command: ["/does/not/exist"] }),
 *     alive: async (instance) => (await hostProcessesOf(instance)).filter(isNoShim).map(({ pid }) => String(pid)),
 *     signalUnit: async (handle, signal) => void process.kill(mainPidOf(handle), signal),
 *     cleanup: async () => rmSync(directory, { recursive: true, force: true }),
 *   };
 * });
 */
export function runtimeConformance(
  name: string,
  makeRuntime: () => RuntimeHarness | Promise<RuntimeHarness>,
  options: Partial<ConformanceOptions> = {},
): void {
  const timeout = DEADLINES_PER_CASE * (options.deadlineMs ?? CONFORMANCE_DEFAULTS.deadlineMs);
  describe(`runtime ${name} keeps to the contract`, async () => {
    const harness = await makeRuntime();
    const themes = Map.groupBy(conformanceCases(harness, options), ({ theme }) => theme);
    for (const [theme, cases] of themes) describe(theme, () => registerCases(cases, timeout));
    afterAll(() => harness.cleanup(), timeout);
  });
}
