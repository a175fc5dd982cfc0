import { expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../../settings.ts";
import { BEFORE, deployment, entry, instanceId, node, row, START, version, view } from "./fixtures/samples.ts";
import { planDeployment } from "./plan-deployment.ts";

const NOW = new Date(START);
const LOST = [node("a", { health: "Unhealthy" }), node("b"), node("c")];

it("replaces what is on an unhealthy node, and lets the lost one go in the same commit", () => {
  const rows = [row(1, "a"), row(2, "b")];
  const { creations, removals } = planDeployment(view(deployment({ replicas: { web: 2 } }), rows, LOST), NOW);
  expect(creations).toEqual([
    {
      entry: "web",
      specVersion: 1,
      desired: "Running",
      cause: "failover",
      text: `a, which had ${instanceId(1)}, is Unhealthy`,
      home: "a",
      insteadOf: rows[0],
    },
  ]);
  expect(removals).toEqual([]);
});

it("waits as long as a node is Unknown", () => {
  const unknown = [node("a", { health: "Unknown" }), node("b")];
  expect(planDeployment(view(deployment(), [row(1, "a")], unknown), NOW).creations).toEqual([]);
});

it("moves nothing while so many nodes are lost, or when it is switched off", () => {
  const rows = [row(1, "a")];
  const suspended = planDeployment(view(deployment(), rows, LOST, { failoverSuspended: true }), NOW);
  expect([suspended.creations, suspended.removals, suspended.held]).toEqual([[], [], 1]);
  const settings = { ...DEFAULT_SETTINGS, failover: { enabled: false, maxLostShare: 0.5 } };
  expect(planDeployment(view(deployment(), rows, LOST, { settings }), NOW).creations).toEqual([]);
});

it("leaves what is not to run, and jobs that have ended well", () => {
  const stopped = deployment({ status: "Stopped" });
  expect(planDeployment(view(stopped, [row(1, "a")], LOST), NOW).creations).toEqual([]);
  const single = row(1, "a", { desired: "Stopped" });
  expect(planDeployment(view(deployment(), [single], LOST), NOW).creations).toEqual([]);
  const versions = [version(1, { entries: [entry({ spec: { restart: "on-failure" } })] })];
  const ended = row(1, "a", {}, { phase: "Exited", exitCode: 0, healthy: true });
  expect(planDeployment(view(deployment({ versions }), [ended], LOST), NOW).creations).toEqual([]);
});

it("keeps the first home when the next node is lost too, and goes home when that is back and was named", () => {
  const away = row(1, "a", { home: "z", why: { cause: "failover", text: "" } });
  expect(planDeployment(view(deployment(), [away], LOST), NOW).creations).toMatchObject([{ home: "z" }]);
  const named = deployment({ replicas: { web: { c: 1 } } });
  const { creations } = planDeployment(view(named, [row(1, "a", { home: "c" })], LOST), NOW);
  expect(creations).toMatchObject([{ nodeId: "c", cause: "failover" }]);
  expect(creations[0]?.home).toBeUndefined();
});

it("replaces what was on a node that is gone, but leaves what was named on one that is not there yet", () => {
  const gone = planDeployment(view(deployment(), [row(1, "z")], LOST), NOW);
  expect(gone.creations).toMatchObject([{ text: `z, which had ${instanceId(1)}, is not registered` }]);
  const named = row(1, "z", { why: { cause: "named", text: "" } });
  const waiting = planDeployment(view(deployment({ replicas: { web: { z: 1 } } }), [named], LOST), NOW);
  expect([waiting.creations, waiting.removals]).toEqual([[], []]);
});

it("does not wait for a node that is not there once the deployment names none any more", () => {
  const named = row(1, "z", { why: { cause: "named", text: "" } });
  const { creations } = planDeployment(view(deployment({ replicas: { web: 1 } }), [named], LOST), NOW);
  expect(creations).toMatchObject([{ cause: "failover", text: `z, which had ${instanceId(1)}, is not registered` }]);
});

it("lets a lost instance go without another when there are too many, or something replaces it already", () => {
  const less = planDeployment(view(deployment({ replicas: { web: 1 } }), [row(1, "a"), row(2, "b")], LOST), NOW);
  expect([less.creations, less.removals]).toMatchObject([[], [{ reason: "scaled_down" }]]);
  const rows = [row(1, "a"), row(2, "b", { replaces: instanceId(1), why: { cause: "drain", text: "" } }, false)];
  const moving = planDeployment(view(deployment(), rows, LOST), NOW);
  expect([moving.creations, moving.removals]).toMatchObject([[], [{ row: rows[0], reason: "lost" }]]);
});

it("lets a replacement go that is lost, and keeps what it was to replace", () => {
  const drained = node("b", { drain: { startedAt: BEFORE }, cordoned: true });
  const rows = [row(1, "b"), row(2, "a", { replaces: instanceId(1), why: { cause: "drain", text: "" } }, false)];
  const { removals } = planDeployment(view(deployment(), rows, [LOST[0] ?? drained, drained, node("c")]), NOW);
  expect(removals).toMatchObject([{ row: rows[1], reason: "lost" }]);
});

it("gives a replacement the version that the lost one had", () => {
  const rows = [row(1, "a"), row(2, "b", { specVersion: 2, specSince: BEFORE })];
  const rolling = deployment({
    version: 2,
    versions: [version(2), version(1)],
    replicas: { web: 2 },
    rollout: { from: 1, to: 2, state: "in_progress", startedAt: BEFORE, at: BEFORE },
  });
  expect(planDeployment(view(rolling, rows, LOST), NOW).creations).toMatchObject([{ specVersion: 1 }]);
});
