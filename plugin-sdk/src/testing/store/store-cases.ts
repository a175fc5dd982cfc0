import { atomicityCases } from "./cases/atomicity.ts";
import { commitCases } from "./cases/commits.ts";
import { compactionCases } from "./cases/compaction.ts";
import { conditionCases } from "./cases/conditions.ts";
import { durabilityCases } from "./cases/durability.ts";
import { inputCases } from "./cases/input.ts";
import { leaseCases } from "./cases/leases.ts";
import { listCases } from "./cases/lists.ts";
import { watchCases } from "./cases/watches.ts";
import { reasonLeftOut, type StoreCase, type StoreCaseDefinition } from "./store-case.ts";
import { STORE_CONFORMANCE_DEFAULTS, type StoreConformanceOptions, type StoreHarness } from "./store-harness.ts";
import { StoreScene } from "./store-scene.ts";

const THEMES: Readonly<Record<string, readonly StoreCaseDefinition[]>> = {
  commits: commitCases,
  conditions: conditionCases,
  atomicity: atomicityCases,
  lists: listCases,
  watches: watchCases,
  compaction: compactionCases,
  leases: leaseCases,
  durability: durabilityCases,
  "bad input": inputCases,
};

/** All cases of the suite as data, for a test runner other than vitest's `it`. Most authors want `storeConformance`. */
export function storeCases(
  harness: StoreHarness,
  options: Partial<StoreConformanceOptions> = {},
): readonly StoreCase[] {
  const settings = { ...STORE_CONFORMANCE_DEFAULTS, ...options };
  return Object.entries(THEMES).flatMap(([theme, definitions]) =>
    definitions.map((definition) => {
      const leftOut = reasonLeftOut(definition, harness);
      return {
        theme,
        name: definition.name,
        ...(leftOut !== undefined && { leftOut }),
        async run() {
          const scene = await StoreScene.begin(await harness.make(), settings);
          try {
            await definition.run(scene);
          } finally {
            await scene.end();
          }
        },
      };
    }),
  );
}
