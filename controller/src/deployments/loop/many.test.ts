import { expect, it } from "vitest";
import { processorSeconds } from "../../fixtures/processor-time.ts";
import { LoopScene } from "./fixtures/loop-scene.ts";
import { BEFORE, ID } from "./fixtures/samples.ts";

const COUNT = 20_000;
const NODES = 5_000;

it(`plans and commits ${COUNT} instances on ${NODES} nodes`, async () => {
  const scene = await LoopScene.begin();
  await scene.nodes(Array.from({ length: NODES }, (_, index) => `node-${index}`));
  const rollout = { from: 0, to: 1, state: "in_progress", startedAt: BEFORE, at: BEFORE } as const;
  const seconds = await processorSeconds(async () => {
    await scene.deploy({ replicas: { web: COUNT }, rollout });
    await scene.deployments.settle(ID);
  });
  // It takes about 3 s on a machine that has nothing else to do.
  expect(seconds).toBeLessThan(20);
  const rows = scene.active();
  expect(new Set(rows.map(({ instanceId }) => instanceId)).size).toBe(COUNT);
  expect([...Map.groupBy(rows, ({ nodeId }) => nodeId).values()].every(({ length }) => length === COUNT / NODES)).toBe(
    true,
  );

  await scene.agents();
  await scene.deployments.settle(ID);
  expect(scene.now().rollout.state).toBe("done");

  await scene.deploy({ replicas: { web: 5 } });
  await scene.deployments.settle(ID);
  expect(scene.active()).toHaveLength(5);
}, 120_000);
