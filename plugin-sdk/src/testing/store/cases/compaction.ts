import { expect } from "vitest";
import type { StoreCaseDefinition } from "../store-case.ts";
import { eventText } from "../watching.ts";

const COMPACTED = { code: "STORE_COMPACTED", status: 410 };
const SLOW_KEYS = 50;

/** What is not known any more is told as such, never left out. */
export const compactionCases: readonly StoreCaseDefinition[] = [
  {
    name: "a watch from a revision whose changes are not known any more ends with STORE_COMPACTED",
    async run(scene) {
      const revision = await scene.put("a/1");
      await scene.put("a/2");
      await scene.place.compact();
      const watching = scene.watch("a/", revision);
      expect(await scene.within("the end of a watch from the past", watching.ended)).toMatchObject(COMPACTED);
      expect(watching.told).toEqual([]);
    },
  },
  {
    name: "a watch from the present goes on after a compaction",
    async run(scene) {
      await scene.put("a/1");
      await scene.place.compact();
      const watching = scene.watch("a/", await scene.revision());
      await scene.put("a/2");
      await scene.untilTold(watching, ["put a/2"]);
    },
  },
  {
    name: "a watch that has kept up is not touched by a compaction",
    async run(scene) {
      const watching = scene.watch("a/", 0);
      await scene.put("a/1");
      await scene.untilTold(watching, ["put a/1"]);
      await scene.place.compact();
      await scene.put("a/2");
      await scene.untilTold(watching, ["put a/1", "put a/2"]);
    },
  },
  {
    name: "a reader that is too slow is told everything in order, or that it has missed something",
    async run(scene) {
      await scene.put("a/first");
      const iterator = scene.store
        .watch("a/", 0, AbortSignal.timeout(scene.options.deadlineMs))
        [Symbol.asyncIterator]();
      await scene.within("the first batch", iterator.next());
      const expected = Array.from({ length: SLOW_KEYS }, (_, index) => `a/${index}`);
      for (const key of expected) await scene.put(key);
      await scene.place.compact();

      const told: string[] = [];
      let error: unknown;
      try {
        while (error === undefined && told.length < expected.length) {
          const next = await scene.within("what a slow reader has missed", iterator.next());
          if (next.done) throw new Error("the watch ended in silence");
          told.push(...next.value.events.map(eventText));
        }
      } catch (thrown) {
        error = thrown;
      }
      expect(told).toEqual(expected.slice(0, told.length).map((key) => `put ${key}`));
      if (told.length < expected.length) expect(error).toMatchObject(COMPACTED);
    },
  },
  {
    name: "a watch from a revision that the store has not come to ends with STORE_COMPACTED",
    async run(scene) {
      const watching = scene.watch("", (await scene.put("a")) + 1);
      expect(await scene.within("the end of a watch from the future", watching.ended)).toMatchObject(COMPACTED);
    },
  },
  {
    name: "objects outlive the compaction of their changes",
    async run(scene) {
      const revision = await scene.put("a/1");
      await scene.place.compact();
      expect(await scene.store.get("a/1")).toMatchObject({
        value: "a/1",
        createRevision: revision,
        modRevision: revision,
      });
    },
  },
];
