import fc from "fast-check";
import { expect, it } from "vitest";
import type { Deployment } from "../../model/deployment.ts";
import { LoopScene } from "./fixtures/loop-scene.ts";
import { MortalStore } from "./fixtures/mortal-store.ts";
import { BEFORE, ID, version } from "./fixtures/samples.ts";

const NODES = ["a", "b", "c", "d"];

/** What is asked for next, and after how many commits the controller dies meanwhile. */
const life = fc.record({
  what: fc.constantFrom("scale", "name", "roll", "lose", "drain", "well"),
  which: fc.nat(100),
  commits: fc.nat(4),
  isLastDone: fc.boolean(),
});

it("comes to the same whenever the controller dies, and makes nothing twice", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 2, maxLength: 8 }), async (lives) => {
      const store = new MortalStore();
      const scene = await LoopScene.begin({ wrap: store.wrap });
      await scene.nodes(NODES);
      await scene.deploy({ replicas: { web: 3 } });
      const ids = new Set<string>();
      for (const { what, which, commits, isLastDone } of lives) {
        await ask(scene, what, which);
        store.dieAfter(commits, isLastDone);
        for (let round = 0; round < 4 && !store.isDead; round += 1) {
          await scene.deployments.settle(ID);
          // What agents say may be lost with the controller; they say it again.
          await scene.agents().catch(() => undefined);
        }
        store.live();
        await scene.restart();
        for (const { instanceId } of scene.all()) ids.add(instanceId);
      }
      await settle(scene);
      expect(scene.now().nextInstance).toBeGreaterThan(ids.size);
      await scene.end();
    }),
    { numRuns: 12 },
  );
}, 120_000);

async function ask(scene: LoopScene, what: string, which: number): Promise<void> {
  const nodeId = NODES[which % NODES.length] ?? "a";
  if (what === "scale") await scene.deploy({ replicas: { web: which % 9 } });
  if (what === "name") await scene.deploy({ replicas: { web: { [nodeId]: 2, a: 1 } } });
  if (what === "roll") await scene.deploy(nextVersion(scene.now(), (which % 3) + 1));
  if (what === "lose") await scene.nodes([nodeId], { health: "Unhealthy" });
  if (what === "drain") await scene.nodes([nodeId], { cordoned: true, drain: { startedAt: BEFORE } });
  if (what === "well") await makeWell(scene);
}

function nextVersion({ versions, rollout }: Deployment, maxParallel: number): Partial<Deployment> {
  const to = Math.max(...versions.map((one) => one.version)) + 1;
  const from = rollout.state === "done" ? rollout.to : rollout.from;
  const update = { maxParallel, healthyWithinMs: 60_000, autoRollback: true };
  return {
    version: to,
    versions: [version(to, { update }), ...versions],
    rollout: { from, to, state: "in_progress", startedAt: BEFORE, at: BEFORE },
  };
}

async function makeWell(scene: LoopScene): Promise<void> {
  await scene.nodes(NODES, { health: "Healthy", cordoned: false, drain: undefined });
}

async function settle(scene: LoopScene): Promise<void> {
  await makeWell(scene);
  for (let round = 0; round < 40; round += 1) {
    await scene.deployments.settle(ID);
    const before = scene.parts.objects.revision;
    await scene.agents();
    await scene.deployments.settle(ID);
    if (scene.parts.objects.revision === before) break;
  }
  const { replicas, version: target, rollout } = scene.now();
  const rows = scene.all();
  expect(rows.filter(({ removing }) => removing)).toEqual([]);
  expect(rows.filter(({ specVersion }) => specVersion !== target)).toEqual([]);
  expect(["done", "rolled_back"]).toContain(rollout.state);
  const wanted = replicas.web ?? 0;
  if (typeof wanted === "number") return expect(rows).toHaveLength(wanted);
  const counts = Map.groupBy(rows, ({ home, nodeId }) => home ?? nodeId);
  return expect(Object.fromEntries([...counts].map(([id, { length }]) => [id, length]))).toEqual(wanted);
}
