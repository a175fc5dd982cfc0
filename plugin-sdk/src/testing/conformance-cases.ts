import { admissionCases } from "./cases/admission.ts";
import type { CaseDefinition } from "./cases/case-definition.ts";
import { environmentCases } from "./cases/environment.ts";
import { execCases } from "./cases/exec.ts";
import { exitCases } from "./cases/exits.ts";
import { identityCases } from "./cases/identity.ts";
import { lifecycleCases } from "./cases/lifecycle.ts";
import { limitCases } from "./cases/limits.ts";
import { logCursorCases } from "./cases/log-cursors.ts";
import { logSurvivalCases } from "./cases/log-survival.ts";
import { logCases } from "./cases/logs.ts";
import { ownershipCases } from "./cases/ownership.ts";
import { recoveredExitCases } from "./cases/recovered-exits.ts";
import { recoveryCases } from "./cases/recovery.ts";
import { removalCases } from "./cases/removal.ts";
import { stoppingCases } from "./cases/stopping.ts";
import { usageCases } from "./cases/usage.ts";
import { watchedUsageCases } from "./cases/watched-usage.ts";
import type { RuntimeHarness } from "./harness.ts";
import { CONFORMANCE_DEFAULTS, type ConformanceOptions } from "./options.ts";
import { Scene } from "./scene.ts";

/** One case of the suite, ready to run against one runtime. */
export interface ConformanceCase {
  /** What it is about, e.g. `stop`. */
  readonly theme: string;
  /** A sentence of the contract. */
  readonly name: string;
  /** Why the harness cannot show it; absent when it can. */
  readonly leftOut?: string;
  /** Rejects when the runtime does not keep to the contract. Cases share nothing, and may run in any order. */
  run(): Promise<void>;
}

const THEMES: Readonly<Record<string, readonly CaseDefinition[]>> = {
  "before a start": admissionCases,
  start: lifecycleCases,
  exits: exitCases,
  stop: stoppingCases,
  recover: recoveryCases,
  "recovered exits": recoveredExitCases,
  "what is not known": identityCases,
  remove: removalCases,
  owners: ownershipCases,
  logs: logCases,
  "log cursors": logCursorCases,
  "logs under stress": logSurvivalCases,
  environment: environmentCases,
  exec: execCases,
  "usage and actions": usageCases,
  "usage as it is watched": watchedUsageCases,
  limits: limitCases,
};

/** All cases of the suite as data, for a test runner other than vitest's `it`. Most authors want `runtimeConformance`. */
export function conformanceCases(
  harness: RuntimeHarness,
  options: Partial<ConformanceOptions> = {},
): readonly ConformanceCase[] {
  const settings = { ...CONFORMANCE_DEFAULTS, ...options };
  return Object.entries(THEMES).flatMap(([theme, definitions]) =>
    definitions.map((definition) => {
      const leftOut = definition.leftOut?.(harness);
      return {
        theme,
        name: definition.name,
        ...(leftOut === undefined ? {} : { leftOut }),
        async run() {
          const scene = new Scene(harness, settings);
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
