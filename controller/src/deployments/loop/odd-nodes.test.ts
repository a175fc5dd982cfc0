import { expect, it } from "vitest";
import { LoopScene } from "./fixtures/loop-scene.ts";
import { ID } from "./fixtures/samples.ts";

it("spreads what is added over nodes that are called as properties of every object are", async () => {
  const scene = await LoopScene.begin();
  await scene.nodes(["a", "b", "constructor"]);
  for (const web of [3, 9]) {
    await scene.deploy({ replicas: { web } });
    await scene.deployments.settle(ID);
  }
  const counts = [...Map.groupBy(scene.active(), ({ nodeId }) => nodeId).values()].map(({ length }) => length);
  expect(counts).toEqual([3, 3, 3]);
});
