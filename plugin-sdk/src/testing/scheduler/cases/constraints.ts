import type { Constraint } from "../../../scheduler/placement.ts";
import { expectOnlyRight } from "../samples.ts";
import type { SchedulerCase } from "../scheduler-case.ts";

function of(...constraints: Constraint[]) {
  return { placement: { constraints } };
}

/** What a node must be like. */
export const constraintCases: readonly SchedulerCase[] = [
  {
    name: "in: the node has the label with one of the values",
    run(scheduler) {
      const asked = of({ label: "disk", operator: "in", values: ["ssd", "nvme"] });
      expectOnlyRight(scheduler, { right: { labels: { disk: "nvme" } }, wrong: { labels: { disk: "hdd" } } }, asked);
      expectOnlyRight(scheduler, { right: { labels: { disk: "ssd" } } }, asked);
    },
  },
  {
    name: "a constraint without an operator is in",
    run(scheduler) {
      const asked = of({ label: "disk", values: ["ssd"] });
      expectOnlyRight(scheduler, { right: { labels: { disk: "ssd" } }, wrong: { labels: { disk: "hdd" } } }, asked);
    },
  },
  {
    name: "not_in: the node has none of the values, or not the label",
    run(scheduler) {
      const asked = of({ label: "disk", operator: "not_in", values: ["hdd", "tape"] });
      expectOnlyRight(scheduler, { right: { labels: { disk: "ssd" } }, wrong: { labels: { disk: "tape" } } }, asked);
      expectOnlyRight(scheduler, { wrong: { labels: { disk: "hdd" } } }, asked);
    },
  },
  {
    name: "exists: the node has the label, with any value",
    run(scheduler) {
      const asked = of({ label: "gpu", operator: "exists" });
      expectOnlyRight(scheduler, { right: { labels: { gpu: "" } }, wrong: { labels: { cpu: "a" } } }, asked);
    },
  },
  {
    name: "not_exists: the node has not the label",
    run: (scheduler) =>
      expectOnlyRight(scheduler, { wrong: { labels: { gpu: "" } } }, of({ label: "gpu", operator: "not_exists" })),
  },
  {
    name: "node.id is the id of the node",
    run(scheduler) {
      expectOnlyRight(scheduler, {}, of({ label: "node.id", values: ["right"] }));
      expectOnlyRight(scheduler, {}, of({ label: "node.id", operator: "not_in", values: ["wrong"] }));
    },
  },
  {
    name: "all constraints hold together",
    run(scheduler) {
      const asked = of({ label: "disk", values: ["ssd"] }, { label: "zone", values: ["a"] });
      const right = { labels: { disk: "ssd", zone: "a" } };
      expectOnlyRight(scheduler, { right, wrong: { labels: { disk: "ssd", zone: "b" } } }, asked);
      expectOnlyRight(scheduler, { right, wrong: { labels: { disk: "hdd", zone: "a" } } }, asked);
    },
  },
  {
    name: "a label that the node does not have is absent, whatever it is called",
    run: (scheduler) =>
      expectOnlyRight(
        scheduler,
        { right: { labels: { constructor: "a" } } },
        of({ label: "constructor", operator: "exists" }),
      ),
  },
];
