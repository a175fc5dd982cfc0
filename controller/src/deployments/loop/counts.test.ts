import { expect, it } from "vitest";
import { deployment, entry, instanceId, node, row, START, version, view } from "./fixtures/samples.ts";
import { planDeployment } from "./plan-deployment.ts";
import type { PlanView } from "./plan-view.ts";

const NOW = new Date(START);
const going = (made: PlanView) =>
  planDeployment(made, NOW).removals.map(({ row: { assignment } }) => assignment.instanceId);
const made = (made: PlanView) => planDeployment(made, NOW).creations;

it("makes what is missing, of the version that is to run", () => {
  const creations = made(view(deployment({ replicas: { web: 3 } }), [row(1, "a")], [node("a")]));
  expect(creations).toHaveLength(2);
  expect(creations[0]).toEqual({
    entry: "web",
    specVersion: 1,
    desired: "Running",
    cause: "placed",
    text: "placed by the scheduler",
  });
});

it("takes the number of the version where nothing else was said", () => {
  const versions = [version(1, { entries: [entry({ replicas: 2 })] })];
  expect(made(view(deployment({ versions }), [], []))).toHaveLength(2);
});

it("does not count what is going, and makes nothing for it when there is enough", () => {
  const rows = [row(1, "a", { removing: { reason: "lost", at: NOW.toISOString() } }), row(2, "a")];
  const plan = planDeployment(view(deployment({ replicas: { web: 1 } }), rows, [node("a")]), NOW);
  expect([plan.creations, plan.removals]).toEqual([[], []]);
});

it("lets go what does not work, then what is on nodes to be left, then from the fullest nodes, then the newest", () => {
  const nodes = [node("a"), node("b"), node("c", { cordoned: true }), node("d", { health: "Unknown" })];
  const rows = [
    row(1, "a"),
    row(2, "a"),
    row(3, "a"),
    row(4, "b"),
    row(5, "c"),
    row(6, "d"),
    row(7, "b", {}, { healthy: false }),
    row(8, "b"),
  ];
  const order = [7, 6, 5, 3, 8, 2, 4, 1].map(instanceId);
  for (const wanted of [0, 1, 2, 3, 4, 5, 6, 7, 8]) {
    expect(going(view(deployment({ replicas: { web: wanted } }), rows, nodes))).toEqual(order.slice(0, 8 - wanted));
  }
});

it("counts named instances by node, and those that were moved away by their home", () => {
  const replicas = { web: { a: 2, b: 1, z: 1 } };
  const rows = [row(1, "a"), row(2, "c", { home: "a" }), row(3, "b"), row(4, "b"), row(5, "d")];
  const plan = planDeployment(
    view(
      deployment({ replicas }),
      rows,
      ["a", "b", "c", "d"].map((id) => node(id)),
    ),
    NOW,
  );
  expect(plan.removals.map(({ row: { assignment } }) => assignment.instanceId)).toEqual([4, 5].map(instanceId));
  expect(plan.creations).toEqual([
    { entry: "web", specVersion: 1, desired: "Running", cause: "named", text: "z was named", nodeId: "z" },
  ]);
});

it("makes nothing on a named node that is cordoned, and says so", () => {
  const plan = planDeployment(
    view(deployment({ replicas: { web: { a: 2 } } }), [], [node("a", { cordoned: true })]),
    NOW,
  );
  expect(plan.creations).toEqual([]);
  expect(plan.refusals).toEqual([{ entry: "web", nodeId: "a", filter: "cordon", reason: "it is cordoned", count: 2 }]);
});

it("is not led astray by entries and nodes that are called like what every object has", () => {
  const versions = [version(1, { entries: [entry({ name: "constructor", replicas: { constructor: 1 } })] })];
  expect(made(view(deployment({ versions }), [], []))).toMatchObject([{ entry: "constructor", nodeId: "constructor" }]);
});

it("lets go a replacement together with what it was to replace", () => {
  const rows = [row(1, "a"), row(2, "b", { replaces: instanceId(1), why: { cause: "drain", text: "" } }, false)];
  const nodes = [node("a", { cordoned: true, drain: { startedAt: NOW.toISOString() } }), node("b")];
  expect(going(view(deployment({ replicas: { web: 0 } }), rows, nodes)).sort()).toEqual([1, 2].map(instanceId));
});

it("lets all go when the deployment is being deleted, and then the record", () => {
  const gone = { removing: { reason: "deleted", at: NOW.toISOString() } } as const;
  const deleted = deployment({ deleting: true });
  expect(going(view(deleted, [row(1, "a"), row(2, "b", gone)], [node("a"), node("b")]))).toEqual([instanceId(1)]);
  const waiting = planDeployment(view(deleted, [row(2, "b", gone)], [node("b")]), NOW);
  expect([waiting.deleted, waiting.forgotten]).toEqual([undefined, []]);
  const lost = planDeployment(view(deleted, [row(2, "b", gone)], [node("b", { health: "Unhealthy" })]), NOW);
  expect(lost.forgotten).toHaveLength(1);
  expect(planDeployment(view(deleted, [], []), NOW).deleted).toBe(true);
});

it("forgets what was going from a node that is no longer registered", () => {
  const gone = row(1, "z", { removing: { reason: "scaled_down", at: NOW.toISOString() } });
  expect(planDeployment(view(deployment({ replicas: { web: 0 } }), [gone], []), NOW).forgotten).toEqual([gone]);
});
