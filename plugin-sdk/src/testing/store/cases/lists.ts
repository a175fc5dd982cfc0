import { expect } from "vitest";
import type { StoreCaseDefinition } from "../store-case.ts";

// By code unit: upper case before lower case, `-` and `.` before `/`, and digits after it.
const SORTED = ["A", "Z/a", "a", "a!", "a-b", "a.b", "a/!", "a/B", "a/b", "a0", "ab", "b"];

/** Lists by prefix. */
export const listCases: readonly StoreCaseDefinition[] = [
  {
    name: "a list is in the order of code units, whatever the order in which keys were put",
    async run(scene) {
      for (const key of SORTED.toReversed()) await scene.put(key);
      expect(await scene.keys()).toEqual(SORTED);
    },
  },
  {
    name: "a list has every key that begins with the prefix, and no other",
    async run(scene) {
      await scene.commit(SORTED.map((put) => ({ put, value: put })));
      for (const prefix of ["", "a", "a/", "a/b", "a/bc", "A", "Z/", "c"]) {
        expect(await scene.keys(prefix), prefix).toEqual(SORTED.filter((key) => key.startsWith(prefix)));
      }
    },
  },
  {
    name: "a list has the entries that get returns, and the revision of the last commit",
    async run(scene) {
      await scene.put("a/1", { n: 1 });
      const revision = await scene.put("b/1", 2);
      const { entries, ...list } = await scene.store.list("a/");
      expect(entries).toEqual([await scene.store.get("a/1")]);
      expect(list).toEqual({ revision });
    },
  },
  {
    name: "a list in parts is the whole list",
    async run(scene) {
      await scene.commit(SORTED.map((put) => ({ put, value: put })));
      for (const limit of [1, 2, 3, SORTED.length, 1_000]) {
        const keys: string[] = [];
        for (let part = 0; part <= SORTED.length; part += 1) {
          const after = keys.at(-1);
          const { entries } = await scene.store.list("a", { limit, ...(after !== undefined && { after }) });
          expect(entries.length).toBeLessThanOrEqual(limit);
          keys.push(...entries.map(({ key }) => key));
          if (entries.length < limit) break;
        }
        expect(keys, `${limit} at a time`).toEqual(SORTED.filter((key) => key.startsWith("a")));
      }
    },
  },
  {
    name: "a list goes on after a key that does not exist, that is before the prefix, or behind it",
    async run(scene) {
      await scene.commit(["a/1", "a/3", "b/1"].map((put) => ({ put, value: put })));
      const after = async (key: string) => (await scene.store.list("a/", { after: key })).entries.map(({ key }) => key);
      expect(await after("a/2")).toEqual(["a/3"]);
      expect(await after("A")).toEqual(["a/1", "a/3"]);
      expect(await after("a/3")).toEqual([]);
      expect(await after("b")).toEqual([]);
    },
  },
];
