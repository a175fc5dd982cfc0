import { expect, it } from "vitest";
import { LoopScene } from "./fixtures/loop-scene.ts";
import { BEFORE, deployment, ID, row } from "./fixtures/samples.ts";
import { MoveAccounts } from "./move-accounts.ts";
import { listen } from "./triggers.ts";

/** A scene with one instance, and what is told of its changes from now on. */
async function heard(watched: boolean) {
  const scene = await LoopScene.begin({ loop: false });
  await scene.nodes(["a", "b"]);
  await scene.deploy();
  const { assignment } = row(1, "a");
  const put = (fields = {}) =>
    scene.parts.changes.run((change) => change.put("assignments", assignment.instanceId, { ...assignment, ...fields }));
  await put();
  await scene.report([assignment]);
  const told: string[] = [];
  listen(scene.parts, new MoveAccounts(scene.parts.objects), {
    mark: (id) => void told.push(id),
    markUnplaced: () => void told.push("unplaced"),
    watchesHealth: () => watched,
  });
  return { scene, put, told, assignment };
}

it("does not plan for reports while no health is waited for", async () => {
  const { scene, told, assignment } = await heard(false);
  await scene.report([assignment], { healthy: false, phase: "Failed" });
  expect(told).toEqual([]);
});

it("plans for reports that say something new, when it is", async () => {
  const { scene, told, assignment } = await heard(true);
  scene.time += 60_000;
  await scene.report([assignment], { restarts: 3 });
  expect(told).toEqual([]);
  await scene.report([assignment], { healthy: false });
  expect(told).toEqual([ID]);
});

it("plans for nodes whose health or place changes, and not for what they say else", async () => {
  const { scene, told } = await heard(false);
  await scene.nodes(["a"], { lastSeen: 1, version: "9.9.9" });
  expect(told).toEqual([]);
  await scene.nodes(["a"], { health: "Unknown" });
  expect(told).toEqual([ID]);
  await scene.nodes(["b"], { labels: { zone: "x" } });
  expect(told).toEqual([ID, "unplaced"]);
});

it("plans for deployments that have instances away from a node which comes back", async () => {
  const { scene, told, put } = await heard(false);
  await scene.nodes(["b"], { health: "Unhealthy" });
  await put({ home: "b" });
  told.length = 0;
  await scene.nodes(["b"], { health: "Healthy" });
  expect(told).toEqual([ID, "unplaced"]);
});

it("lets others try when there is room again, and plans on when what was to go has gone", async () => {
  const { scene, told, put, assignment } = await heard(false);
  const remove = () => scene.parts.changes.run((change) => change.delete("assignments", assignment.instanceId));
  await put({ removing: { reason: "scaled_down", at: BEFORE } });
  told.length = 0;
  await remove();
  expect(told).toEqual(["unplaced"]);
  await put({ removing: { reason: "deleted", at: BEFORE } });
  await scene.deploy({ ...deployment(), deleting: true });
  told.length = 0;
  await remove();
  expect(told).toEqual(["unplaced", ID]);
});
