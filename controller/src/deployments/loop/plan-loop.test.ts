import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { eventually } from "../../fixtures/eventually.ts";
import { LoopScene } from "./fixtures/loop-scene.ts";
import { BEFORE, entry, ID, version } from "./fixtures/samples.ts";

it("places what a deployment lacks, evenly, with ids that are given once, and says why", async () => {
  const scene = await LoopScene.begin();
  await scene.nodes(["a", "b", "c"]);
  await scene.deploy({ replicas: { web: 6 }, nextInstance: 10 });
  await scene.deployments.settle(ID);
  const rows = scene.active();
  expect(rows.map(({ instanceId }) => instanceId)).toEqual(
    ["a", "b", "c", "d", "e", "f"].map((digit) => `${ID}-0000000${digit}`),
  );
  expect(
    Object.fromEntries([...Map.groupBy(rows, ({ nodeId }) => nodeId)].map(([id, { length }]) => [id, length])),
  ).toEqual({ a: 2, b: 2, c: 2 });
  expect(rows[0]).toMatchObject({ desired: "Running", specVersion: 1, entry: "web" });
  expect(rows[0]?.why).toMatchObject({ cause: "placed", scheduler: "default", score: expect.any(Number) });
  expect(scene.now().nextInstance).toBe(16);
  expect(scene.parts.objects.explanations.get(ID)?.value.entries.web).toMatchObject({ evaluated: 3, unplaced: 0 });
  expect(scene.events("instance.placed")).toMatchObject([
    { deploymentId: ID, message: "6 instances to run on a, b, c" },
  ]);
});

it("lets go what is too much, and plans by itself when something changes", async () => {
  const scene = await LoopScene.begin();
  await scene.nodes(["a", "b"]);
  await scene.deploy({ replicas: { web: 4 } });
  await eventually(() => expect(scene.active()).toHaveLength(4));
  await scene.agents();
  await scene.deploy({ replicas: { web: 1 } });
  await eventually(() => expect(scene.active()).toHaveLength(1));
  expect(scene.all().filter(({ removing }) => removing?.reason === "scaled_down")).toHaveLength(3);
  expect(scene.events("deployment.scaled")).toHaveLength(1);
});

it("says why there is no place, and places when there is", async () => {
  const scene = await LoopScene.begin();
  await scene.nodes(["a"], { cordoned: true });
  await scene.deploy({ replicas: { web: 2 } });
  await scene.deployments.settle(ID);
  expect(scene.active()).toEqual([]);
  const { web } = scene.parts.objects.explanations.get(ID)?.value.entries ?? {};
  expect(web).toMatchObject({ wanted: 2, unplaced: 2, rejected: [{ nodeId: "a", filter: "cordon" }] });
  expect(scene.events("instance.unplaced")).toHaveLength(1);
  await scene.nodes(["b"]);
  await eventually(() => expect(scene.active().map(({ nodeId }) => nodeId)).toEqual(["b", "b"]));
});

it("says that no scheduler is loaded", async () => {
  const scene = await LoopScene.begin({ plugins: "plugins: []\n" });
  await scene.nodes(["a"]);
  await scene.deploy({ replicas: { web: 1 } });
  await scene.deployments.settle(ID);
  expect(scene.active()).toEqual([]);
  expect(scene.parts.objects.explanations.get(ID)?.value.entries.web?.rejected).toEqual([
    { nodeId: "*", filter: "scheduler", reason: "no scheduler is loaded: see plugins.yaml" },
  ]);
});

it("places named instances on just these nodes, also on those that are not there yet", async () => {
  const scene = await LoopScene.begin();
  await scene.nodes(["a", "b"]);
  await scene.deploy({ replicas: { web: { a: 1, z: 2 } } });
  await scene.deployments.settle(ID);
  expect(scene.active().map(({ nodeId, why }) => [nodeId, why.cause])).toEqual([
    ["a", "named"],
    ["z", "named"],
    ["z", "named"],
  ]);
});

it("sees in each placement what those before it took, of whatever deployment", async () => {
  const scene = await LoopScene.begin();
  await scene.nodes(["a", "b"], { capacity: { cpu: 1 } });
  const spec = { pkg: { type: "binary", resources: { cpu_limit: "1" } } };
  const versions = [version(1, { entries: [entry({ spec })] })];
  const ids = ["1", "2", "3"].map((digit) => digit.repeat(32));
  for (const deploymentId of ids) await scene.deploy({ deploymentId, name: `shop-${deploymentId}`, versions });
  await Promise.all(ids.map((id) => scene.deployments.settle(id)));
  const rows = ids.flatMap((id) => scene.active(id));
  expect(rows.map(({ nodeId }) => nodeId).sort()).toEqual(["a", "b"]);
});

it("sees what is named in the placements of the same moment", async () => {
  const scene = await LoopScene.begin();
  await scene.nodes(["a", "b"], { capacity: { cpu: 1 } });
  const spec = { pkg: { type: "binary", resources: { cpu_limit: "1" } } };
  const versions = [version(1, { entries: [entry({ spec })] })];
  const [named, placed] = ["1".repeat(32), "2".repeat(32)] as const;
  await scene.deploy({ deploymentId: named, name: "named", versions, replicas: { web: { a: 1 } } });
  await scene.deploy({ deploymentId: placed, name: "placed", versions, replicas: { web: 2 } });
  await Promise.all([placed, named].map((id) => scene.deployments.settle(id)));
  expect(scene.active(placed).map(({ nodeId }) => nodeId)).toEqual(["b"]);
});

it("deletes a deployment when nothing of it is left", async () => {
  const scene = await LoopScene.begin();
  await scene.nodes(["a", "b"]);
  await scene.deploy({ replicas: { web: 4 } });
  await scene.deployments.settle(ID);
  await scene.nodes(["b"], { health: "Unhealthy" });
  await scene.deploy({ deleting: true });
  await scene.deployments.settle(ID);
  // What is on a node that is lost is not waited for.
  expect(scene.all().map(({ nodeId, removing }) => [nodeId, removing?.reason])).toEqual([
    ["a", "deleted"],
    ["a", "deleted"],
  ]);
  await scene.agents();
  await eventually(() => expect(scene.parts.objects.deployments.size).toBe(0));
  expect(scene.parts.objects.explanations.size).toBe(0);
});

it("does not take a rollout back for what became of it while there was no controller", async () => {
  const scene = await LoopScene.begin();
  await scene.nodes(["a"]);
  const rollout = { from: 1, to: 2, state: "in_progress", startedAt: BEFORE, at: BEFORE } as const;
  await scene.deploy({ replicas: { web: 1 } });
  await scene.deployments.settle(ID);
  await scene.agents();
  await scene.deploy({ version: 2, versions: [version(2), version(1)], rollout });
  await scene.deployments.settle(ID);
  expect(scene.active()).toMatchObject([{ specVersion: 2 }]);
  scene.time += 3_600_000;
  await scene.restart();
  await scene.deployments.settle(ID);
  expect(scene.now().rollout).toMatchObject({ to: 2, state: "in_progress" });
  await scene.agents();
  await scene.deployments.settle(ID);
  expect(scene.now().rollout).toMatchObject({ to: 2, state: "done" });
});

it("does not take a rollout back for what could not be heard while it stood still", async () => {
  const scene = await LoopScene.begin();
  await scene.nodes(["a"]);
  await scene.deploy({ replicas: { web: 1 } });
  await scene.deployments.settle(ID);
  await scene.agents();
  const at = new Date(scene.time).toISOString();
  const rollout = { from: 1, to: 2, state: "in_progress", startedAt: at, at } as const;
  const update = { maxParallel: 1, healthyWithinMs: 500, autoRollback: true };
  await scene.deploy({ version: 2, versions: [version(2, { update }), version(1)], rollout });
  await scene.deployments.settle(ID);
  // Until the loop waits for its next time.
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  // As a process that is stopped, or whose machine is.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000);
  scene.time += 3_000;
  await scene.deployments.settle(ID);
  expect(scene.now().rollout).toMatchObject({ to: 2, state: "in_progress" });
  scene.time += 600;
  await scene.deployments.settle(ID);
  expect(scene.now().rollout).toMatchObject({ to: 2, state: "rolled_back" });
});
