import { amountCases } from "./cases/amounts.ts";
import { callCases } from "./cases/calls.ts";
import { constraintCases } from "./cases/constraints.ts";
import { limitCases } from "./cases/limits.ts";
import { purityCases } from "./cases/purity.ts";
import { randomCases } from "./cases/random.ts";
import { reasonCases } from "./cases/reasons.ts";
import { refusalCases } from "./cases/refusals.ts";
import { strategyCases } from "./cases/strategies.ts";
import type { SchedulerCase } from "./scheduler-case.ts";

/** All cases of the suite by theme, for a test runner other than vitest's `it`. Most authors want `schedulerConformance`. */
export const SCHEDULER_CASES: Readonly<Record<string, readonly SchedulerCase[]>> = {
  "nodes that get nothing": refusalCases,
  constraints: constraintCases,
  "limits of a node": limitCases,
  "how many": amountCases,
  "several requests": callCases,
  "strategy and affinity": strategyCases,
  reasons: reasonCases,
  "a pure function": purityCases,
  "whatever comes": randomCases,
};
