import { expect, it } from "vitest";
import { applyPlan } from "./apply-plan.ts";
import { LoopScene } from "./fixtures/loop-scene.ts";
import { ID } from "./fixtures/samples.ts";
import { MoveAccounts } from "./move-accounts.ts";
import { NodeAccounts } from "./node-accounts.ts";
import { type PlacedPlan, placeAll } from "./placing.ts";
import { planDeployment } from "./plan-deployment.ts";
import { Views } from "./views.ts";

/** A scene in which nothing happens by itself. */
async function idle(count: number): Promise<LoopScene> {
  const scene = await LoopScene.begin({ loop: false });
  await scene.nodes(["a", "b"]);
  await scene.deploy({ replicas: { web: count } });
  return scene;
}

/** What the loop would do now. */
function planned({ parts }: LoopScene): PlacedPlan {
  const sources = {
    moves: new MoveAccounts(parts.objects),
    failoverSuspended: () => false,
    heardSince: 0,
    failbackTo: () => new Set<string>(),
  };
  const view = new Views(parts, sources).of(ID);
  if (!view) throw new Error("there is no deployment");
  const plan = planDeployment(view, parts.now());
  const accounts = new NodeAccounts(parts.objects);
  const schedulers = parts.plugins.provided("scheduler");
  const [placed] = placeAll([{ view, plan }], { accounts, schedulers, reserved: [] });
  if (!placed) throw new Error("there is no plan");
  return placed;
}

it("does nothing of a plan for a deployment that has changed meanwhile", async () => {
  const scene = await idle(3);
  const plan = planned(scene);
  await scene.deploy({ replicas: { web: 1 } });
  expect(await applyPlan(scene.parts, plan)).toEqual({ changed: false, stale: true });
  expect(scene.all()).toEqual([]);
});

it("makes nothing on a node that takes no more since, and the rest all the same", async () => {
  const scene = await idle(2);
  const plan = planned(scene);
  await scene.nodes(["a"], { cordoned: true });
  expect(await applyPlan(scene.parts, plan)).toEqual({ changed: true, stale: true });
  expect(scene.all().map(({ nodeId }) => nodeId)).toEqual(["b"]);
});

it("makes no replacement for what is going since, and changes nothing of it", async () => {
  const scene = await idle(1);
  await applyPlan(scene.parts, planned(scene));
  const [row] = scene.all();
  if (!row) throw new Error("nothing was made");
  await scene.nodes([row.nodeId], { drain: { startedAt: "2030-01-01T00:00:00.000Z" } });
  const drain = planned(scene);
  expect(drain.placed).toHaveLength(1);
  await scene.nodes([row.nodeId], { drain: undefined, health: "Unhealthy" });
  const failover = planned(scene);
  expect(failover.placed).toHaveLength(1);
  const going = { ...row, removing: { reason: "deleted", at: "2030-01-01T00:00:00.000Z" } } as const;
  await scene.parts.changes.run((change) => change.put("assignments", row.instanceId, going));
  expect(await applyPlan(scene.parts, drain)).toMatchObject({ stale: true });
  expect(await applyPlan(scene.parts, failover)).toMatchObject({ stale: true });
  expect(scene.all()).toEqual([going]);
});

it("takes as many commits as there have to be, and gives no number twice", async () => {
  const scene = await idle(400);
  expect(await applyPlan(scene.parts, planned(scene))).toEqual({ changed: true, stale: false });
  expect(scene.active()).toHaveLength(400);
  expect(scene.now().nextInstance).toBe(401);
  await scene.deploy({ replicas: { web: 0 } });
  expect(await applyPlan(scene.parts, planned(scene))).toEqual({ changed: true, stale: false });
  expect(scene.active()).toEqual([]);
});
