import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "vitest";
import type { StoreCaseDefinition } from "../store-case.ts";
import type { StoreScene } from "../store-scene.ts";

const ROUNDS = 30;
const KEYS = ["all/a", "all/b", "all/c"];

async function writeRounds(scene: StoreScene): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    await scene.commit(KEYS.map((put) => ({ put, value: round })));
    await scene.commit(KEYS.map((key) => ({ delete: key })));
  }
}

/** That a commit is seen whole. */
export const atomicityCases: readonly StoreCaseDefinition[] = [
  {
    name: "who reads sees a commit of several keys whole or not at all",
    async run(scene) {
      let done = false;
      const writing = writeRounds(scene).finally(() => {
        done = true;
      });
      const seen = new Set<string>();
      while (!done) {
        // A store that answers from memory would otherwise leave no turn to those who write.
        await nextTurn();
        const { entries } = await scene.store.list("all/");
        seen.add(
          [entries.length, ...new Set(entries.map(({ value }) => value))].length > 2 ? "torn" : `${entries.length}`,
        );
      }
      await writing;
      expect([...seen].filter((one) => one !== "0" && one !== `${KEYS.length}`)).toEqual([]);
    },
  },
  {
    name: "who watches is told of a commit in one batch, which has every key once",
    async run(scene) {
      const watching = scene.watch("all/", 0);
      await writeRounds(scene);
      await scene.eventually(async () => expect(watching.batches).toHaveLength(2 * ROUNDS));
      for (const [index, { events }] of watching.batches.entries()) {
        const told = events.map((event) => (event.type === "put" ? event.entry.key : event.key)).toSorted();
        expect(told).toEqual(KEYS);
        expect(new Set(events.map(({ type }) => type))).toEqual(new Set([index % 2 === 0 ? "put" : "delete"]));
      }
    },
  },
  {
    name: "an entry is put and another deleted in one batch of one revision",
    async run(scene) {
      const first = await scene.put("all/a", 1);
      const watching = scene.watch("all/", first);
      const revision = await scene.commit([{ delete: "all/a" }, { put: "all/b", value: 2 }]);
      await scene.eventually(async () => expect(watching.batches).toHaveLength(1));
      const entry = { key: "all/b", value: 2, createRevision: revision, modRevision: revision };
      expect(watching.batches[0]?.revision).toBe(revision);
      expect(watching.batches[0]?.events).toHaveLength(2);
      expect(watching.batches[0]?.events).toContainEqual({ type: "put", entry });
      expect(watching.batches[0]?.events).toContainEqual({ type: "delete", key: "all/a", revision });
    },
  },
];
