import { expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../../settings.ts";
import { BEFORE, deployment, instanceId, node, row, START, view } from "./fixtures/samples.ts";
import { planDeployment } from "./plan-deployment.ts";
import type { PlanRow, PlanView } from "./plan-view.ts";

const NOW = new Date(START);
const DRAINED = node("a", { cordoned: true, drain: { startedAt: BEFORE } });
const AUTOMATIC = { ...DEFAULT_SETTINGS, failback: { enabled: true, stableMs: 300_000, maxPerMinute: 10 } };

const drainMove = (number: number, replaced: number, nodeId: string, report: Parameters<typeof row>[3] = false) =>
  row(number, nodeId, { replaces: instanceId(replaced), why: { cause: "drain", text: "" } }, report);
const plan = (
  count: number,
  rows: readonly PlanRow[],
  nodes: readonly ReturnType<typeof node>[],
  fields: Partial<PlanView> = {},
) => planDeployment(view(deployment({ replicas: { web: count } }), rows, nodes, fields), NOW);

it("makes a replacement for each instance on a node that is drained, a few at a time", () => {
  const rows = Array.from({ length: 8 }, (_, index) => row(index + 1, "a"));
  const { creations, removals } = plan(8, rows, [DRAINED, node("b")]);
  expect([creations.length, removals.length]).toEqual([5, 0]);
  expect(creations[0]).toEqual({
    entry: "web",
    specVersion: 1,
    desired: "Running",
    cause: "drain",
    text: `a, which has ${instanceId(1)}, is being drained`,
    replaces: instanceId(1),
  });
  expect(plan(8, rows, [DRAINED, node("b")], { movingFrom: () => 3 }).creations).toHaveLength(2);
  const wider = { ...DRAINED, drain: { startedAt: BEFORE, maxParallel: 7 } };
  expect(plan(8, rows, [wider, node("b")]).creations).toHaveLength(7);
});

it("does not move what cannot be heard", () => {
  const unknown = { ...DRAINED, health: "Unknown" } as const;
  expect(plan(1, [row(1, "a")], [unknown, node("b")]).creations).toEqual([]);
});

it("lets the old one go when its replacement is healthy, and not before", () => {
  const waiting = plan(1, [row(1, "a"), drainMove(2, 1, "b")], [DRAINED, node("b")]);
  expect([waiting.creations, waiting.removals, waiting.watchesHealth]).toEqual([[], [], true]);
  const { creations, removals } = plan(1, [row(1, "a"), drainMove(2, 1, "b", {})], [DRAINED, node("b")]);
  expect(creations).toEqual([]);
  expect(removals).toMatchObject([{ row: { assignment: { instanceId: instanceId(1) } }, reason: "drained" }]);
});

it("does not wait for the health of what is not to run", () => {
  const rows = [
    row(1, "a", { desired: "Stopped" }, false),
    row(2, "b", { desired: "Stopped", replaces: instanceId(1), why: { cause: "drain", text: "" } }, false),
  ];
  expect(plan(1, rows, [DRAINED, node("b")]).removals).toMatchObject([{ reason: "drained" }]);
});

it("goes on after any crash: one replacement for each, none without need, none twice", () => {
  const twice = plan(1, [row(1, "a"), drainMove(2, 1, "b"), drainMove(3, 1, "b")], [DRAINED, node("b")]);
  expect(twice.removals).toMatchObject([{ row: { assignment: { instanceId: instanceId(3) } }, reason: "replaced" }]);
  const cancelled = plan(1, [row(1, "a"), drainMove(2, 1, "b")], [node("a"), node("b")]);
  expect(cancelled.removals).toMatchObject([
    { row: { assignment: { instanceId: instanceId(2) } }, reason: "replaced" },
  ]);
  const alone = plan(1, [drainMove(2, 1, "b")], [DRAINED, node("b")]);
  expect([alone.creations, alone.removals]).toEqual([[], []]);
});

it("moves on from where a replacement waits when that node is drained too", () => {
  const second = node("b", { cordoned: true, drain: { startedAt: BEFORE } });
  const { removals, creations } = plan(1, [row(1, "a"), drainMove(2, 1, "b")], [DRAINED, second, node("c")]);
  expect(removals).toMatchObject([{ row: { assignment: { instanceId: instanceId(2) } }, reason: "replaced" }]);
  expect(creations).toMatchObject([{ replaces: instanceId(1) }]);
});

it("gives a named instance a home to go back to", () => {
  const made = deployment({ replicas: { web: { a: 1 } } });
  const rows = [row(1, "a", { why: { cause: "named", text: "" } })];
  const { creations, refusals } = planDeployment(view(made, rows, [DRAINED, node("b")]), NOW);
  expect([creations, refusals]).toMatchObject([[{ home: "a", replaces: instanceId(1) }], []]);
});

it("says which replacement keeps a move from going on", () => {
  const failed = drainMove(2, 1, "b", { phase: "Failed", healthy: false, reason: "no such file" });
  const { moveWaits } = plan(1, [row(1, "a"), failed], [DRAINED, node("b")]);
  expect([...moveWaits.values()]).toEqual([
    `${instanceId(2)} on b, which is to replace ${instanceId(1)}: it failed: no such file`,
  ]);
});

it("goes back home when an operator says so, at once", () => {
  const moved = row(1, "b", { home: "a", why: { cause: "failover", text: "" } });
  const nodes = [node("a", { healthSince: NOW.toISOString() }), node("b")];
  expect(plan(1, [moved], nodes).creations).toEqual([]);
  const { creations } = plan(1, [moved], nodes, { failbackTo: new Set(["a"]) });
  expect(creations).toMatchObject([{ cause: "failback", only: "a", replaces: instanceId(1) }]);
  expect(creations[0]?.home).toBeUndefined();
  const back = row(2, "a", { replaces: instanceId(1), why: { cause: "failback", text: "" } });
  expect(plan(1, [moved, back], nodes).removals).toMatchObject([{ row: moved, reason: "failback" }]);
  const cordoned = [node("a", { cordoned: true }), node("b")];
  expect(plan(1, [moved], cordoned, { failbackTo: new Set(["a"]) }).creations).toEqual([]);
});

it("goes back by itself when home has been healthy for long enough, at a bounded rate", () => {
  const moved = [1, 2, 3].map((number) => row(number, "b", { home: "a", why: { cause: "failover", text: "" } }));
  const since = (ms: number) => [node("a", { healthSince: new Date(START - ms).toISOString() }), node("b")];
  const early = plan(3, moved, since(299_000), { settings: AUTOMATIC });
  expect([early.creations, early.wakeAt]).toEqual([[], START + 1_000]);
  expect(plan(3, moved, since(300_000), { settings: AUTOMATIC }).creations).toHaveLength(3);
  const fields = { settings: AUTOMATIC, failbackAllowance: 2, failbackAllowedAt: START + 5_000 };
  const bounded = plan(3, moved, since(300_000), fields);
  expect([bounded.creations.length, bounded.wakeAt]).toEqual([2, START + 5_000]);
});
