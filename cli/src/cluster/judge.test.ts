import type { AssignmentItem, DeploymentDetail } from "@damson/client";
import { expect, it } from "vitest";
import { judge } from "./judge.ts";

type Deployment = DeploymentDetail["deployment"];
const TIME = "2026-01-01T00:00:00.000Z";

function detail(
  deployment: Partial<Deployment>,
  rollout: Partial<Deployment["rollout"]> = {},
  assignments: readonly Partial<AssignmentItem>[] = [{}, {}],
): DeploymentDetail {
  return {
    deployment: {
      deploymentId: "d",
      taskId: "d",
      name: "shop",
      labels: {},
      status: "Running",
      paused: false,
      version: 2,
      instances: 2,
      wanted: 2,
      healthy: 2,
      updated: 2,
      failing: 0,
      unplaced: 0,
      createdAt: TIME,
      updatedAt: TIME,
      resourceVersion: 1,
      entries: [],
      ...deployment,
      rollout: { from: 1, to: 2, state: "done", startedAt: TIME, at: TIME, ...rollout },
    },
    assignments: assignments.map((item, at) => ({
      instanceId: `d-${at}`,
      taskId: "d",
      deploymentId: "d",
      deployment: "shop",
      entry: "shop",
      nodeId: "nodeA",
      desired: "Running",
      artifactUrl: "",
      startCmd: "",
      appName: "shop",
      appVersion: "1",
      specVersion: 2,
      phase: "Running",
      healthy: true,
      lastReportAt: 1,
      resourceVersion: 1,
      ...item,
    })),
  };
}

const waiting = (text: string) => ({ state: "waiting", text });

it.each([
  ["all are healthy", detail({}), { state: "done" }],
  ["one is not", detail({ healthy: 1 }), waiting("1 of 2 healthy")],
  [
    "the rollout is not at its end",
    detail({ updated: 1 }, { state: "in_progress" }),
    waiting("2 of 2 healthy, 1 on version 2"),
  ],
  [
    "one of the old version is still there",
    detail({}, {}, [{}, {}, { removing: "replaced" }]),
    waiting("2 of 2 healthy"),
  ],
  ["there is no place", detail({ healthy: 0, unplaced: 2 }, {}, []), waiting("0 of 2 healthy, 2 without a node")],
  ["it is paused", detail({ paused: true, healthy: 1 }, { state: "in_progress" }), waiting("1 of 2 healthy, paused")],
  ["it was stopped as a whole", detail({ status: "Stopped", healthy: 0 }), { state: "done" }],
  [
    "one was stopped by itself",
    detail({ healthy: 1 }, {}, [{}, { desired: "Stopped", healthy: false }]),
    { state: "done" },
  ],
  [
    "it is being taken back",
    detail({ version: 1, healthy: 1 }, { state: "rolling_back" }),
    waiting("rolling back to version 1, 1 of 2 healthy"),
  ],
])("when %s", (_, found, verdict) => {
  expect(judge(found, "healthy", 2)).toEqual(verdict);
});

it.each([
  ["failed", detail({}, { state: "failed", reason: "it dies" }), 'the rollout of "shop" to version 2 failed: it dies'],
  [
    "rolled_back",
    detail({ version: 1 }, { state: "rolled_back" }),
    'the rollout of "shop" to version 2 failed, and was taken back to version 1',
  ],
  ["superseded", detail({ version: 3 }, { to: 3, state: "in_progress" }), '"shop" was changed to version 3 meanwhile'],
])("fails when it is %s", (_, found, reason) => {
  expect(judge(found, "healthy", 2)).toEqual({ state: "failed", reason });
});

it("does not mind a rollout that failed before, when only the number of instances changed", () => {
  expect(judge(detail({ version: 1 }, { state: "rolled_back" }), "healthy", 1)).toEqual({ state: "done" });
});

it("counts jobs that have ended well as running, and waits for a stop until nothing runs", () => {
  const ended = detail({ healthy: 0 }, {}, [
    { phase: "Exited", exitCode: 0 },
    { phase: "Running", healthy: false },
  ]);
  expect(judge(ended, "running", 2)).toEqual({ state: "done" });
  expect(judge(ended, "stopped", 2)).toEqual(waiting("1 of 2 still run"));
  expect(judge(detail({}, {}, [{ phase: "Stopped" }]), "stopped", 2)).toEqual({ state: "done" });
});
