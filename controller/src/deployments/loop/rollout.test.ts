import { expect, it } from "vitest";
import type { Deployment } from "../../model/deployment.ts";
import { BEFORE, deployment, entry, instanceId, node, rollout, row, START, version, view } from "./fixtures/samples.ts";
import { planDeployment } from "./plan-deployment.ts";
import type { PlanRow, PlanView } from "./plan-view.ts";

const NOW = new Date(START);
const SINCE = new Date(START - 30_000).toISOString();
const NODES = ["a", "b", "c", "d"].map((id) => node(id));
const UPDATE = { maxParallel: 1, healthyWithinMs: 60_000, autoRollback: true };

const rolling = (count: number, fields: Partial<Deployment> = {}, parallel = 1) =>
  deployment({
    ...rollout({ update: { ...UPDATE, maxParallel: parallel } }),
    replicas: { web: count },
    ...fields,
  });
const on = (number: number, nodeId: string, healthy: boolean, fields = {}) =>
  row(number, nodeId, { specVersion: 2, specSince: SINCE, ...fields }, { healthy });
const plan = (made: Deployment, rows: readonly PlanRow[], fields: Partial<PlanView> = {}, nodes = NODES, now = NOW) =>
  planDeployment(view(made, rows, nodes, fields), now);
const switched = (made: Deployment, rows: readonly PlanRow[], nodes = NODES) =>
  plan(made, rows, {}, nodes).switches.map(({ row: { assignment } }) => assignment.instanceId);

it("switches as many at a time as may be not yet healthy", () => {
  const rows = [1, 2, 3, 4].map((number) => row(number, "a"));
  expect(switched(rolling(4), rows)).toEqual([instanceId(1)]);
  expect(switched(rolling(4, {}, 3), rows)).toEqual([1, 2, 3].map(instanceId));
  expect(switched(rolling(4, {}, 3), [on(1, "a", false), ...rows.slice(1)])).toEqual([2, 3].map(instanceId));
  expect(switched(rolling(4), [on(1, "a", false), ...rows.slice(1)])).toEqual([]);
  expect(switched(rolling(4), [on(1, "a", true), ...rows.slice(1)])).toEqual([instanceId(2)]);
});

it("goes on though there is no place for what is missing", () => {
  const { switches, creations } = plan(rolling(3), [row(1, "a"), row(2, "a")]);
  expect([switches.length, creations.length]).toEqual([1, 0]);
  const last = plan(rolling(3), [on(1, "a", true), on(2, "a", true)]);
  expect([last.switches.length, last.creations.length, last.rollout]).toEqual([0, 1, undefined]);
});

it("begins with those that do not work on the version that they have", () => {
  expect(switched(rolling(3), [row(1, "a"), row(2, "a"), row(3, "a", {}, { healthy: false })])).toEqual([
    instanceId(3),
  ]);
});

it("does not take a report of the version before for one of the new version", () => {
  const old = row(1, "a", { specVersion: 2, specSince: SINCE }, { healthy: true, specVersion: 1 });
  expect(switched(rolling(2), [old, row(2, "a")])).toEqual([]);
  // Agents of Plum do not tell of which version they speak.
  const ofPlum = (receivedAt: number) => {
    const { status, ...rest } = row(1, "a", { specVersion: 2, specSince: SINCE });
    const latest = { phase: "Running", healthy: true, tsUnix: 0, receivedAt } as const;
    return { ...rest, status: status && { ...status, latest } };
  };
  expect(switched(rolling(2), [ofPlum(START / 1_000 - 30), row(2, "a")])).toEqual([instanceId(2)]);
  expect(switched(rolling(2), [ofPlum(START / 1_000 - 31), row(2, "a")])).toEqual([]);
});

it("counts a job that has ended well as healthy, and one that should go on as not", () => {
  const ended = { phase: "Exited", exitCode: 0, healthy: false } as const;
  const job = { entries: [entry({ spec: { pkg: { type: "binary" }, restart: { policy: "never" } } })] };
  const versions = [version(2, job), version(1)];
  const rows = [row(1, "a", { specVersion: 2, specSince: SINCE }, ended), row(2, "a")];
  expect(switched(rolling(2, { versions }), rows)).toEqual([instanceId(2)]);
  expect(switched(rolling(2), rows)).toEqual([]);
});

it("neither waits for what is on lost nodes nor fails for it", () => {
  const lost = [node("a"), node("b", { health: "Unknown" })];
  const rows = [on(1, "b", false, { specSince: BEFORE }), row(2, "a"), row(3, "b")];
  const { switches, rollout: change } = plan(rolling(3), rows, {}, lost);
  expect(switches.map(({ row: { assignment } }) => assignment.instanceId)).toEqual([instanceId(2)]);
  expect(change).toBeUndefined();
  const done = plan(rolling(3), [rows[0] as PlanRow, on(2, "a", true), row(3, "b")], {}, lost);
  expect(done.rollout?.rollout.state).toBe("done");
});

it("switches what comes back after the rollout, as many at a time as may be", () => {
  const done = rolling(3, { rollout: { from: 1, to: 2, state: "done", startedAt: BEFORE, at: BEFORE } });
  expect(switched(done, [on(1, "a", true), row(2, "b"), row(3, "b")])).toEqual([instanceId(2)]);
  expect(switched(done, [on(1, "a", true), on(2, "b", false), row(3, "b")])).toEqual([]);
  // One that will not become healthy does not keep the others back for ever.
  expect(switched(done, [on(1, "a", true), on(2, "b", false, { specSince: BEFORE }), row(3, "b")])).toEqual([
    instanceId(3),
  ]);
});

it("goes no further while it is paused", () => {
  const paused = rolling(3, { paused: true });
  const {
    switches,
    creations,
    rollout: change,
  } = plan(paused, [on(1, "a", false, { specSince: BEFORE }), row(2, "a")]);
  expect([switches, change]).toEqual([[], undefined]);
  // What is missing is made as it was before.
  expect(creations).toMatchObject([{ specVersion: 1 }]);
});

it("goes back when an instance fails on the new version, and says which and why", () => {
  const rows = [
    row(1, "a", { specVersion: 2 }, { phase: "Failed", healthy: false, reason: "no such file" }),
    row(2, "a"),
  ];
  expect(plan(rolling(2), rows).rollout).toMatchObject({
    version: 1,
    failedVersion: 2,
    rollout: {
      from: 1,
      to: 2,
      state: "rolling_back",
      reason: `instance ${instanceId(1)} on a: it failed: no such file`,
    },
    event: { type: "rollout.failed", instanceId: instanceId(1) },
  });
});

it("does not give up for an end after which the agent starts it again, but for one crash after the other", () => {
  const fields = { specVersion: 2, specSince: SINCE };
  const backoff = { phase: "Failed", healthy: false, detail: "backoff", exitCode: 1 } as const;
  expect(plan(rolling(1), [row(1, "a", fields, backoff)]).rollout).toBeUndefined();
  const looping = { ...backoff, crashLooping: true };
  expect(plan(rolling(1), [row(1, "a", fields, looping)]).rollout?.rollout.reason).toMatch(
    /it crashes again and again: it exited with code 1$/,
  );
});

it("goes back when an instance is not healthy in time, without the time in which its node was not there", () => {
  const rows = [on(1, "a", false)];
  expect(plan(rolling(1), rows).rollout).toBeUndefined();
  expect(plan(rolling(1), rows).wakeAt).toBe(START + 30_000);
  const late = new Date(START + 30_000);
  expect(plan(rolling(1), rows, {}, NODES, late).rollout?.rollout.reason).toMatch(
    /on a: it is not healthy within 60 s$/,
  );
  const returned = [node("a", { healthSince: NOW.toISOString() })];
  expect(plan(rolling(1), rows, {}, returned, late).rollout).toBeUndefined();
});

it("gives an instance that was healthy its time anew", () => {
  const waiting = on(1, "a", false, { specSince: BEFORE });
  const latest = {
    phase: "Running",
    healthy: false,
    specVersion: 2,
    tsUnix: 0,
    receivedAt: START / 1_000 - 10,
  } as const;
  const history = [{ ...latest, healthy: true, receivedAt: START / 1_000 - 100 }];
  const status = { instanceId: instanceId(1), nodeId: "a", seq: 2, latest, history };
  const { rollout: change, wakeAt } = plan(rolling(1), [{ ...waiting, status }]);
  expect([change, wakeAt]).toEqual([undefined, START + 50_000]);
});

it("stops where it is when it is not to go back, or cannot", () => {
  const failed = [row(1, "a", { specVersion: 2 }, { phase: "Failed", healthy: false }), row(2, "a")];
  const stays = rolling(2, { versions: [version(2, { update: { ...UPDATE, autoRollback: false } }), version(1)] });
  expect(plan(stays, failed).rollout).toMatchObject({
    rollout: { state: "failed" },
    event: { type: "rollout.failed" },
  });
  expect(plan(stays, failed).rollout?.version).toBeUndefined();
  const first = rolling(2, { rollout: { from: 0, to: 2, state: "in_progress", startedAt: BEFORE, at: BEFORE } });
  expect(plan(first, failed).rollout).toMatchObject({ rollout: { state: "failed" } });
  const stopped = { ...stays, rollout: { ...stays.rollout, state: "failed" } as const };
  expect(plan(stopped, failed)).toMatchObject({ switches: [], creations: [], removals: [], rollout: undefined });
});

it("makes everything of a first version at once, and is done when it is healthy, however late", () => {
  const first = deployment({
    replicas: { web: 3 },
    rollout: { from: 0, to: 1, state: "in_progress", startedAt: BEFORE, at: BEFORE },
  });
  expect(plan(first, []).creations).toHaveLength(3);
  const rows = [row(1, "a"), row(2, "b"), row(3, "c")];
  expect(plan(first, rows).rollout).toMatchObject({ rollout: { state: "done" }, event: { type: "rollout.done" } });
  const failed = { ...first, rollout: { ...first.rollout, state: "failed", reason: "it was slow" } as const };
  expect(plan(failed, rows).rollout?.rollout).toMatchObject({ state: "done", reason: undefined });
  expect(
    plan(first, [...rows.slice(1), row(1, "z", { why: { cause: "named", text: "" } }, false)]).rollout?.rollout.state,
  ).toBe("done");
});

it("is not done by silence, nor by what is stopped", () => {
  const first = deployment({ rollout: { from: 0, to: 1, state: "in_progress", startedAt: BEFORE, at: BEFORE } });
  expect(plan(first, [row(1, "a", {}, false)], {}, [node("a", { health: "Unknown" })]).rollout).toBeUndefined();
  expect(plan({ ...first, status: "Stopped" }, [row(1, "a", {}, false)]).rollout).toBeUndefined();
});

it("takes back what was switched, and is rolled back when all run the version before as far as they can", () => {
  const back = rolling(3, {
    version: 1,
    rollout: { from: 1, to: 2, state: "rolling_back", reason: "it failed", startedAt: BEFORE, at: BEFORE },
  });
  expect(switched(back, [on(1, "a", false), row(2, "a"), on(3, "a", true)])).toEqual([instanceId(1)]);
  const hopeless = row(2, "a", {}, { healthy: false });
  expect(plan(back, [row(1, "a"), hopeless, row(3, "a")]).rollout).toMatchObject({
    rollout: { state: "rolled_back", reason: "it failed" },
    event: { type: "rollout.rolled_back" },
  });
  const soon = row(2, "a", { specSince: SINCE }, false);
  expect(plan(back, [row(1, "a"), soon, row(3, "a")]).rollout).toBeUndefined();
});

it("switches at once what does not run", () => {
  const rows = [1, 2, 3].map((number) => row(number, "a", { desired: "Stopped" }, false));
  expect(switched(rolling(3), rows)).toHaveLength(3);
  expect(switched(rolling(3, { status: "Stopped" }), [row(1, "a"), row(2, "a"), row(3, "a")])).toHaveLength(3);
});

it("lets entries come and go under the same bound", () => {
  const names = (name: string) => ({ entries: [entry({ name, replicas: 3 })], update: UPDATE });
  const made = rolling(0, { versions: [version(2, names("api")), version(1, names("web"))], replicas: {} });
  const old = [1, 2, 3].map((number) => row(number, "a"));
  const begin = plan(made, old);
  expect(begin.creations).toMatchObject([{ entry: "api", specVersion: 2 }]);
  expect(begin.removals).toHaveLength(1);
  const api = (number: number, healthy: boolean) => on(number, "a", healthy, { entry: "api" });
  const waiting = plan(made, [...old.slice(0, 2), api(4, false)]);
  expect([waiting.creations, waiting.removals]).toEqual([[], []]);
  const next = plan(made, [...old.slice(0, 2), api(4, true)]);
  expect([next.creations.length, next.removals.length]).toEqual([1, 1]);
  const last = plan(made, [...old.slice(0, 1), api(4, true), api(5, true), api(6, false)]);
  expect([last.creations.length, last.removals.length]).toEqual([0, 1]);
  expect(
    plan(
      made,
      [4, 5, 6].map((number) => api(number, true)),
    ).rollout?.rollout.state,
  ).toBe("done");
});

it("gives instances their whole time from the start of a controller, which could not hear of them before", () => {
  const rows = [on(1, "a", false, { specSince: BEFORE }), row(2, "a")];
  expect(plan(rolling(2), rows).rollout?.rollout.state).toBe("rolling_back");
  const begun = plan(rolling(2), rows, { heardSince: START - 10_000 });
  expect([begun.rollout, begun.wakeAt]).toEqual([undefined, START + 50_000]);
});
