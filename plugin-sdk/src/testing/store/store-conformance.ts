import { describe } from "vitest";
import { registerCases } from "../register-cases.ts";
import { storeCases } from "./store-cases.ts";
import { STORE_CONFORMANCE_DEFAULTS, type StoreConformanceOptions, type StoreHarness } from "./store-harness.ts";

/** A case waits for several things one after another; each has its own deadline, which names what did not come. */
const DEADLINES_PER_CASE = 6;

/**
 * Registers the conformance suite of stores as vitest tests: the rules of `Store`, in the same words for every store. Call it
 * at the top of a test file. Cases that the harness has no means for are registered as skipped, with the reason in their name.
 *
 * @param name - The store's name, for the report.
 * @param harness - How the suite makes, opens and ends the store.
 * @param options - @default {@link STORE_CONFORMANCE_DEFAULTS}
 */
export function storeConformance(
  name: string,
  harness: StoreHarness,
  options: Partial<StoreConformanceOptions> = {},
): void {
  const timeout = DEADLINES_PER_CASE * (options.deadlineMs ?? STORE_CONFORMANCE_DEFAULTS.deadlineMs);
  describe(`store ${name} keeps to the contract`, () => {
    const themes = Map.groupBy(storeCases(harness, options), ({ theme }) => theme);
    for (const [theme, cases] of themes) describe(theme, () => registerCases(cases, timeout));
  });
}
