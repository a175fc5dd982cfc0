import { expect } from "vitest";
import type { StoreBatch } from "../../../store/entry.ts";
import type { StoreCaseDefinition } from "../store-case.ts";

/** Watches. */
export const watchCases: readonly StoreCaseDefinition[] = [
  {
    name: "a watch tells what came after its revision, and nothing that came before",
    async run(scene) {
      await scene.put("a/1");
      const revision = await scene.put("a/2");
      await scene.put("a/3");
      await scene.commit([{ delete: "a/1" }]);
      await scene.untilTold(scene.watch("a/", revision), ["put a/3", "delete a/1"]);
      await scene.untilTold(scene.watch("a/", 0), ["put a/1", "put a/2", "put a/3", "delete a/1"]);
    },
  },
  {
    name: "a watch tells what comes, as it comes",
    async run(scene) {
      const watching = scene.watch("a/", await scene.put("a/1"));
      await scene.put("a/2");
      await scene.untilTold(watching, ["put a/2"]);
      await scene.commit([{ delete: "a/1" }]);
      await scene.untilTold(watching, ["put a/2", "delete a/1"]);
    },
  },
  {
    name: "what a watch tells of a put is the entry of that revision, also when the key has been put again since",
    async run(scene) {
      const first = await scene.put("a", 1);
      const second = await scene.put("a", 2);
      const watching = scene.watch("a", 0);
      await scene.untilTold(watching, ["put a", "put a"]);
      expect(watching.batches.flatMap(({ events }) => events)).toStrictEqual([
        { type: "put", entry: { key: "a", value: 1, createRevision: first, modRevision: first } },
        { type: "put", entry: { key: "a", value: 2, createRevision: first, modRevision: second } },
      ]);
    },
  },
  {
    name: "a watch tells of keys below its prefix only",
    async run(scene) {
      const watching = scene.watch("a/", 0);
      await scene.commit(["a", "a/1", "ab", "b/1"].map((put) => ({ put, value: 1 })));
      await scene.commit([{ delete: "b/1" }]);
      await scene.put("a/2");
      await scene.untilTold(watching, ["put a/1", "put a/2"]);
      expect(watching.batches).toHaveLength(2);
    },
  },
  {
    name: "every watch is told of everything once and in order, while many write",
    async run(scene) {
      const { writers } = scene.options;
      const watchings = ["", "a/", ""].map((prefix) => scene.watch(prefix, 0));
      const late = Promise.all(Array.from({ length: writers }, (_, index) => scene.put(`a/${index}`)));
      watchings.push(scene.watch("a/", 0));
      const revisions = (await late).toSorted((a, b) => a - b);
      watchings.push(scene.watch("a/", 0));
      for (const watching of watchings) {
        await scene.eventually(async () => expect(watching.batches.length).toBeGreaterThanOrEqual(writers));
        expect(watching.batches.map(({ revision }) => revision)).toEqual(revisions);
      }
    },
  },
  {
    name: "a watch from the revision of a list tells just what the list has not",
    async run(scene) {
      const { writers } = scene.options;
      const writing = Promise.all(Array.from({ length: writers }, (_, index) => scene.put(`a/${index}`)));
      const { entries, revision } = await scene.store.list("a/");
      const watching = scene.watch("a/", revision);
      await writing;
      await scene.eventually(async () => {
        const listed = entries.map(({ key }) => `put ${key}`);
        expect([...listed, ...watching.told].toSorted()).toEqual((await scene.keys()).map((key) => `put ${key}`));
      });
    },
  },
  {
    name: "a watch tells nothing of a commit that was refused or changed nothing",
    async run(scene) {
      const watching = scene.watch("", await scene.put("a"));
      await scene.store.commit({ when: [{ key: "a", modRevision: 0 }], operations: [{ put: "b", value: 1 }] });
      await scene.commit([{ delete: "nothing" }]);
      await scene.commit([]);
      await scene.put("c");
      await scene.untilTold(watching, ["put c"]);
      expect(watching.batches).toHaveLength(1);
    },
  },
  {
    name: "a watch ends without an error when its signal aborts, also before it began",
    async run(scene) {
      const watching = scene.watch("", 0);
      await scene.put("a");
      await scene.untilTold(watching, ["put a"]);
      watching.abort();
      expect(await scene.within("the end of an aborted watch", watching.ended)).toBeUndefined();
      await scene.put("b");
      expect(watching.told).toEqual(["put a"]);

      const batches: StoreBatch[] = [];
      const read = async () => {
        for await (const batch of scene.store.watch("", 0, AbortSignal.abort())) batches.push(batch);
      };
      await scene.within("the end of a watch that was aborted before", read());
      expect(batches).toEqual([]);
    },
  },
  {
    name: "a reader may leave a watch",
    async run(scene) {
      await scene.put("a");
      const leave = async () => {
        for await (const batch of scene.store.watch("", 0, new AbortController().signal)) return batch.revision;
        return undefined;
      };
      expect(await scene.within("leaving a watch", leave())).toBe(await scene.revision());
    },
  },
];
