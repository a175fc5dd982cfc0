import { expect, it } from "vitest";
import { eventually } from "../../fixtures/eventually.ts";
import { DEFAULT_SETTINGS } from "../../settings.ts";
import { LoopScene } from "./fixtures/loop-scene.ts";
import { BEFORE, ID, version } from "./fixtures/samples.ts";

const DRAIN = { cordoned: true, drain: { startedAt: BEFORE } };

/** A scene with a deployment of so many instances, all of them healthy. */
async function running(count: number, nodeIds: readonly string[], settings = {}): Promise<LoopScene> {
  const scene = await LoopScene.begin({ settings });
  await scene.nodes(nodeIds);
  await scene.deploy({ replicas: { web: count } });
  await scene.deployments.settle(ID);
  await scene.agents();
  return scene;
}
const nodesOf = (scene: LoopScene, id = ID) => scene.active(id).map(({ nodeId }) => nodeId);

it("places instances of a lost node anew, and fences the lost ones in the same commit", async () => {
  const scene = await running(4, ["a", "b", "c"]);
  const lost = scene.active().filter(({ nodeId }) => nodeId === "a");
  await scene.nodes(["a"], { health: "Unhealthy" });
  await eventually(() => expect(nodesOf(scene)).not.toContain("a"));
  expect(scene.active()).toHaveLength(4);
  for (const { instanceId } of lost) {
    const gone = scene.parts.objects.assignments.get(instanceId);
    expect(gone?.value.removing?.reason).toBe("lost");
    // Of the same commit as one that stands in for it.
    expect(
      scene.active().some((one) => scene.parts.objects.assignments.get(one.instanceId)?.revision === gone?.revision),
    ).toBe(true);
  }
  expect(scene.active().filter(({ home }) => home === "a")).toHaveLength(lost.length);
  expect(scene.events("instance.lost")).toMatchObject([{ nodeId: "a" }]);
});

it("moves nothing while more than half of the nodes are lost, says so loudly, and goes on by itself", async () => {
  const scene = await running(4, ["a", "b", "c", "d"]);
  const before = nodesOf(scene);
  await scene.nodes(["a", "b", "c"], { health: "Unknown" });
  await scene.nodes(["a"], { health: "Unhealthy" });
  await scene.deployments.settle(ID);
  expect(nodesOf(scene)).toEqual(before);
  const { failover } = scene.deployments.state;
  expect(failover).toMatchObject({
    nodes: 4,
    lost: 3,
    suspended: { reason: expect.stringMatching(/^3 of 4 nodes are lost/) },
  });
  expect(scene.events("failover.suspended")).toHaveLength(1);
  await scene.nodes(["b"], { health: "Healthy" });
  await scene.deployments.settle(ID);
  // The others may be heard in a moment.
  expect(nodesOf(scene)).toEqual(before);
  scene.time += 2 * DEFAULT_SETTINGS.heartbeatTtlMs;
  await scene.deployments.settle(ID);
  await eventually(() => expect(nodesOf(scene)).not.toContain("a"));
  expect(scene.deployments.state.failover.suspended).toBeUndefined();
  expect(scene.events("failover.resumed")).toHaveLength(1);
});

it("does not count nodes that were lost long ago and have nothing any more", async () => {
  const scene = await LoopScene.begin();
  const past = ["v", "w", "x", "y", "z"];
  await scene.nodes(past, { health: "Unhealthy" });
  scene.time += 2 * 3_600_000;
  await scene.nodes(["a", "b", "c"]);
  scene.time += 2 * DEFAULT_SETTINGS.heartbeatTtlMs;
  await scene.deploy({ replicas: { web: 3 } });
  await scene.deployments.settle(ID);
  await scene.agents();
  await scene.nodes(["a"], { health: "Unhealthy" });
  await eventually(() => expect(nodesOf(scene)).not.toContain("a"));
  await scene.nodes(["b"], { health: "Unhealthy" });
  expect(scene.deployments.state.failover.suspended?.reason).toMatch(/^2 of 3 nodes are lost/);
});

it("does not wait for longer when the clock is set back meanwhile", async () => {
  const scene = await running(4, ["a", "b", "c", "d"]);
  await scene.nodes(["a", "b", "c"], { health: "Unhealthy" });
  await scene.nodes(["b", "c"], { health: "Healthy" });
  expect(scene.deployments.state.failover.suspended).toBeDefined();
  scene.time -= 5 * 3_600_000;
  await scene.deployments.settle(ID);
  scene.time += 2 * DEFAULT_SETTINGS.heartbeatTtlMs;
  await scene.deployments.settle(ID);
  expect(scene.deployments.state.failover.suspended).toBeUndefined();
});

it("goes on at once when all nodes are back, and moves nothing", async () => {
  const scene = await running(4, ["a", "b", "c", "d"]);
  const before = nodesOf(scene);
  await scene.nodes(["a", "b", "c"], { health: "Unhealthy" });
  expect(scene.deployments.state.failover.suspended).toBeDefined();
  for (const node of ["a", "b", "c"]) await scene.nodes([node], { health: "Healthy" });
  expect(scene.deployments.state.failover.suspended).toBeUndefined();
  await scene.deployments.settle(ID);
  expect(nodesOf(scene)).toEqual(before);
});

it("leaves a lost instance where it is until a node has room, and says that it waits", async () => {
  const scene = await running(1, ["a", "b"]);
  const [first] = nodesOf(scene);
  const other = first === "a" ? "b" : "a";
  await scene.nodes([other], { cordoned: true });
  await scene.nodes([first ?? ""], { health: "Unhealthy" });
  await eventually(() => expect(scene.events("instance.unplaced")).toHaveLength(1));
  expect(nodesOf(scene)).toEqual([first]);
  await scene.nodes([other], { cordoned: false });
  await eventually(() => expect(nodesOf(scene)).toEqual([other]));
});

it("drains a node of all deployments, a few instances at a time together", async () => {
  const scene = await LoopScene.begin();
  await scene.nodes(["a"]);
  const ids = ["1", "2", "3"].map((digit) => digit.repeat(32));
  for (const id of ids) await scene.deploy({ deploymentId: id, name: `shop-${id}`, replicas: { web: 4 } });
  await Promise.all(ids.map((id) => scene.deployments.settle(id)));
  for (const id of ids) await scene.agents(id);
  await scene.nodes(["b"]);
  await scene.nodes(["a"], DRAIN);
  const moving = () => ids.flatMap((id) => scene.active(id)).filter(({ nodeId }) => nodeId === "b");
  // All of them at the same time.
  await Promise.all(ids.map((id) => scene.deployments.settle(id)));
  expect(moving()).toHaveLength(5);
  await eventually(async () => {
    for (const id of ids) await scene.agents(id);
    for (const id of ids) expect(new Set(nodesOf(scene, id))).toEqual(new Set(["b"]));
  });
  for (const id of ids) expect(scene.active(id)).toHaveLength(4);
});

it("brings instances back to a node when an operator says so, and lets the others go when they are healthy", async () => {
  const scene = await running(4, ["a", "b"]);
  await scene.nodes(["a"], { health: "Unhealthy" });
  await eventually(() => expect(nodesOf(scene)).toEqual(["b", "b", "b", "b"]));
  await expect(scene.deployments.failback("a")).rejects.toMatchObject({ code: "NODE_TAKES_NOTHING", status: 409 });
  await expect(scene.deployments.failback("z")).rejects.toMatchObject({ code: "NODE_NOT_FOUND", status: 404 });
  await scene.nodes(["a"], { health: "Healthy" });
  expect(await scene.deployments.failback("a")).toEqual({ moved: 2 });
  expect(await scene.deployments.failback("a")).toEqual({ moved: 0 });
  await scene.agents();
  await eventually(() => expect(nodesOf(scene).sort()).toEqual(["a", "a", "b", "b"]));
});

it("brings instances back by itself, when it is set so and the time has come", async () => {
  const failback = { enabled: true, stableMs: 60_000, maxPerMinute: 1 };
  const scene = await running(4, ["a", "b"], { failback, failover: DEFAULT_SETTINGS.failover });
  await scene.nodes(["a"], { health: "Unhealthy" });
  await eventually(() => expect(nodesOf(scene)).toEqual(["b", "b", "b", "b"]));
  await scene.nodes(["a"], { health: "Healthy" });
  await scene.deployments.settle(ID);
  expect(nodesOf(scene)).not.toContain("a");
  const onA = () => nodesOf(scene).filter((nodeId) => nodeId === "a").length;
  for (const count of [1, 2]) {
    scene.time += 60_000;
    await scene.deployments.settle(ID);
    expect(onA()).toBe(count);
    await scene.agents();
    await scene.deployments.settle(ID);
    expect(onA()).toBe(count);
  }
  expect(scene.active()).toHaveLength(4);
});

it("rolls out one after the other as they become healthy, and back when one fails", async () => {
  const scene = await running(3, ["a", "b"]);
  const bad = { ...version(2), update: { maxParallel: 1, healthyWithinMs: 60_000, autoRollback: true } };
  const rollout = { from: 1, to: 2, state: "in_progress", startedAt: BEFORE, at: BEFORE } as const;
  await scene.deploy({ version: 2, versions: [bad, version(1)], rollout });
  const updated = () => scene.active().filter(({ specVersion }) => specVersion === 2);
  await eventually(() => expect(updated()).toHaveLength(1));
  await scene.agents();
  await eventually(() => expect(updated()).toHaveLength(2));
  const second = updated().filter(
    ({ instanceId }) => scene.parts.objects.statuses.get(instanceId)?.value.latest.specVersion !== 2,
  );
  await scene.report(second, { healthy: false, phase: "Failed", detail: "failed", reason: "no such file" });
  await eventually(async () => {
    await scene.agents();
    expect(scene.now().rollout.state).toBe("rolled_back");
  });
  expect(updated()).toEqual([]);
  expect(scene.now()).toMatchObject({ version: 1, versions: [{ version: 2, failed: true }, { version: 1 }] });
  expect(scene.now().rollout.reason).toMatch(/it failed: no such file$/);
  expect(scene.events("rollout.started")).toHaveLength(1);
  expect(scene.events("rollout.failed")).toHaveLength(1);
  expect(scene.events("rollout.rolled_back")).toHaveLength(1);
});
