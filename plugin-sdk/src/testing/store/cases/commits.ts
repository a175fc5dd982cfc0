import { expect } from "vitest";
import type { Json } from "../../../json.ts";
import type { StoreCaseDefinition } from "../store-case.ts";

const VALUES: readonly Json[] = [
  null,
  true,
  0,
  -1.5e-7,
  9_007_199_254_740_991,
  "",
  'Grüße, 世界 👋\u2028\n\t"\\',
  [],
  {},
  { a: { b: [1, { c: null }, ["x"]] }, "": 0, constructor: 1, "a/b c": "d" },
];

/** What a commit does to the keys that it names. */
export const commitCases: readonly StoreCaseDefinition[] = [
  {
    name: "a key that was never put is not there",
    async run(scene) {
      await scene.put("a/1");
      expect(await scene.store.get("a")).toBeUndefined();
      expect(await scene.store.get("a/2")).toBeUndefined();
    },
  },
  {
    name: "every JSON value is read as it was put",
    async run(scene) {
      await scene.commit(VALUES.map((value, index) => ({ put: `values/${index}`, value })));
      for (const [index, value] of VALUES.entries()) {
        expect((await scene.store.get(`values/${index}`))?.value).toStrictEqual(value);
      }
    },
  },
  {
    name: "what is kept is what JSON made of the value at the call",
    async run(scene) {
      const value = { given: 1, left: undefined, list: [1] };
      const committing = scene.put("a", value);
      value.given = 2;
      value.list.push(2);
      await committing;
      value.list.push(3);
      expect((await scene.store.get("a"))?.value).toStrictEqual({ given: 1, list: [1] });
    },
  },
  {
    name: "a commit tells its revision, which is that of all that it put",
    async run(scene) {
      const revision = await scene.commit([
        { put: "a", value: 1 },
        { put: "b", value: 2 },
      ]);
      const entry = { createRevision: revision, modRevision: revision };
      expect(await scene.store.get("a")).toStrictEqual({ key: "a", value: 1, ...entry });
      expect(await scene.store.get("b")).toStrictEqual({ key: "b", value: 2, ...entry });
      expect(await scene.revision()).toBe(revision);
    },
  },
  {
    name: "a key that is put again keeps the revision at which it was made",
    async run(scene) {
      const first = await scene.put("a", 1);
      await scene.put("b", 1);
      const second = await scene.put("a", 2);
      expect(await scene.store.get("a")).toStrictEqual({
        key: "a",
        value: 2,
        createRevision: first,
        modRevision: second,
      });
    },
  },
  {
    name: "a deleted key is gone, and one that is put after that was made anew",
    async run(scene) {
      await scene.put("a", 1);
      await scene.commit([{ delete: "a" }]);
      expect(await scene.store.get("a")).toBeUndefined();
      expect(await scene.keys()).toEqual([]);
      const revision = await scene.put("a", 2);
      expect(await scene.store.get("a")).toMatchObject({ createRevision: revision, modRevision: revision });
    },
  },
  {
    name: "the revision rises with every commit that changes something, a delete and an equal value too",
    async run(scene) {
      const revisions = [await scene.put("a", 1), await scene.put("a", 1), await scene.commit([{ delete: "a" }])];
      expect(new Set(revisions).size).toBe(3);
      expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    },
  },
  {
    name: "a commit that changes nothing succeeds with the present revision",
    async run(scene) {
      const revision = await scene.put("a", 1);
      expect(await scene.commit([{ delete: "b" }])).toBe(revision);
      expect(await scene.commit([])).toBe(revision);
      expect(await scene.commit([], [{ key: "a", modRevision: revision }])).toBe(revision);
      expect(await scene.revision()).toBe(revision);
    },
  },
];
