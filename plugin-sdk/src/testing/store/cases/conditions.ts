import { expect } from "vitest";
import type { StoreCommitted, StoreCompare } from "../../../store/commit.ts";
import type { StoreCaseDefinition } from "../store-case.ts";
import type { StoreScene } from "../store-scene.ts";

/** Adds 1 to the number of `counter`, as often as it takes. */
async function increment({ store, options }: StoreScene): Promise<void> {
  // Of those who race, one wins each time; so nobody has to try more often than there are increments.
  for (let tries = 0; tries <= options.writers * ROUNDS; tries += 1) {
    const entry = await store.get("counter");
    const { committed } = await store.commit({
      when: [{ key: "counter", modRevision: entry?.modRevision ?? 0 }],
      operations: [{ put: "counter", value: Number(entry?.value ?? 0) + 1 }],
    });
    if (committed) return;
  }
  throw new Error("an increment lost every race");
}

const ROUNDS = 5;

/** Conditions and races. */
export const conditionCases: readonly StoreCaseDefinition[] = [
  {
    name: "a commit happens when all its conditions hold, also those on keys that it does not touch",
    async run(scene) {
      const a = await scene.put("a");
      const b = await scene.put("b");
      const when = [
        { key: "a", modRevision: a },
        { key: "b", modRevision: b },
        { key: "c", modRevision: 0 },
      ];
      await scene.commit([{ put: "c", value: 1 }, { delete: "a" }], when);
      expect(await scene.keys()).toEqual(["b", "c"]);
    },
  },
  {
    name: "a commit of which one condition does not hold changes nothing",
    async run(scene) {
      const a = await scene.put("a", 1);
      const b = await scene.put("b", 1);
      const holds = { key: "a", modRevision: a };
      const wrong: readonly StoreCompare[] = [
        { key: "b", modRevision: b - 1 },
        { key: "b", modRevision: b + 1 },
        { key: "b", modRevision: 0 },
        { key: "c", modRevision: b },
      ];
      const before = await scene.store.list("");
      for (const compare of wrong) {
        for (const when of [
          [holds, compare],
          [compare, holds],
        ]) {
          const operations = [{ put: "a", value: 2 }, { put: "c", value: 2 }, { delete: "b" }];
          expect(await scene.store.commit({ when, operations })).toStrictEqual({ committed: false });
        }
      }
      expect(await scene.store.list("")).toEqual(before);
    },
  },
  {
    name: "a key that was deleted meets the condition of one that does not exist",
    async run(scene) {
      const a = await scene.put("a");
      await scene.commit([{ delete: "a" }]);
      const operations = [{ put: "b", value: 1 }];
      const stale = await scene.store.commit({ when: [{ key: "a", modRevision: a }], operations });
      expect(stale).toStrictEqual({ committed: false });
      await scene.commit(operations, [{ key: "a", modRevision: 0 }]);
    },
  },
  {
    name: "of many who make a key at the same time one wins",
    async run(scene) {
      const make = (value: number): Promise<StoreCommitted> =>
        scene.store.commit({ when: [{ key: "a", modRevision: 0 }], operations: [{ put: "a", value }] });
      const outcomes = await Promise.all(Array.from({ length: scene.options.writers }, (_, index) => make(index)));
      const winners = outcomes.flatMap(({ committed }, index) => (committed ? [index] : []));
      expect(winners).toHaveLength(1);
      expect((await scene.store.get("a"))?.value).toBe(winners[0]);
    },
  },
  {
    name: "increments that race lose nothing",
    async run(scene) {
      const many = async () => {
        for (let round = 0; round < ROUNDS; round += 1) await increment(scene);
      };
      await Promise.all(Array.from({ length: scene.options.writers }, many));
      expect((await scene.store.get("counter"))?.value).toBe(scene.options.writers * ROUNDS);
    },
  },
  {
    name: "commits that come at the same time have revisions of their own",
    async run(scene) {
      const { writers } = scene.options;
      const revisions = await Promise.all(Array.from({ length: writers }, (_, index) => scene.put(`a/${index}`)));
      expect(new Set(revisions).size).toBe(writers);
      expect(await scene.revision()).toBe(Math.max(...revisions));
    },
  },
];
