import { expectOnlyRight } from "../samples.ts";
import type { SchedulerCase } from "../scheduler-case.ts";

/** Nodes that get nothing, whatever their capacity. */
export const refusalCases: readonly SchedulerCase[] = [
  {
    name: "no instance goes to a node that is not healthy",
    run(scheduler) {
      for (const health of ["Unknown", "Unhealthy"] as const) expectOnlyRight(scheduler, { wrong: { health } });
    },
  },
  {
    name: "no instance goes to a node that is cordoned",
    run: (scheduler) => expectOnlyRight(scheduler, { wrong: { cordoned: true } }),
  },
  {
    name: "no instance goes to a node that is to be avoided",
    run: (scheduler) => expectOnlyRight(scheduler, {}, { avoid: { wrong: "is being left" } }),
  },
  {
    name: "no instance goes to a node that cannot run its type of package",
    run: (scheduler) => expectOnlyRight(scheduler, { wrong: { packageTypes: ["other", "sample-not"] } }),
  },
  {
    name: "no instance goes to a node that has an instance of a deployment it must not be with",
    run(scheduler) {
      const placement = { anti_affinity: { deployments: ["noisy", "noisier"] } };
      expectOnlyRight(scheduler, {}, { placement }, { wrong: ["quiet", "noisier"], right: ["quiet"] });
    },
  },
];
