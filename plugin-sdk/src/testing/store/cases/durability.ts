import { expect } from "vitest";
import type { StoreCaseDefinition } from "../store-case.ts";
import type { StoreScene } from "../store-scene.ts";

/** Puts, replaces and deletes some keys. @returns what a store must then have after any restart */
async function fill(scene: StoreScene) {
  await scene.commit(["a/1", "a/2", "B"].map((put) => ({ put, value: { put } })));
  await scene.put("a/1", [1]);
  await scene.commit([{ delete: "a/2" }, { put: "c", value: null }]);
  return scene.store.list("");
}

/** Restarts and crashes. */
export const durabilityCases: readonly StoreCaseDefinition[] = [
  {
    name: "everything is there again after a restart, with its revisions",
    async run(scene) {
      const before = await fill(scene);
      await scene.restart();
      expect(await scene.store.list("")).toEqual(before);
      await scene.restart();
      expect(await scene.store.list("")).toEqual(before);
    },
  },
  {
    name: "no revision is given twice, also when the last change before a restart was a delete",
    async run(scene) {
      await fill(scene);
      const revision = await scene.commit(["a/1", "B", "c"].map((key) => ({ delete: key })));
      await scene.restart();
      expect(await scene.revision()).toBe(revision);
      await scene.restart();
      expect(await scene.put("d")).toBeGreaterThan(revision);
    },
  },
  {
    name: "a watch from the present of before a restart tells what comes after it",
    async run(scene) {
      const { revision } = await fill(scene);
      await scene.restart();
      const watching = scene.watch("", revision);
      await scene.put("d");
      await scene.untilTold(watching, ["put d"]);
    },
  },
  {
    name: "conditions hold over a restart",
    async run(scene) {
      const revision = await scene.put("a", 1);
      await scene.restart();
      await scene.commit([{ put: "a", value: 2 }], [{ key: "a", modRevision: revision }]);
      const late = { when: [{ key: "a", modRevision: revision }], operations: [{ put: "a", value: 3 }] };
      expect(await scene.store.commit(late)).toStrictEqual({ committed: false });
    },
  },
  {
    name: "what was acknowledged before a crash is there after it, and no revision is given twice",
    crashes: true,
    async run(scene) {
      const before = await fill(scene);
      await scene.crash();
      expect(await scene.store.list("")).toEqual(before);
      const gone = await scene.commit([{ delete: "c" }]);
      await scene.crash();
      expect(await scene.keys()).toEqual(["B", "a/1"]);
      expect(await scene.put("d")).toBeGreaterThan(gone);
    },
  },
  {
    name: "a crash in the midst of commits leaves each whole or undone, and loses none that was acknowledged",
    crashes: true,
    async run(scene) {
      const { writers } = scene.options;
      const acknowledged = new Map<string, number>();
      const write = async (name: string) => {
        for (let n = 1; n <= 10; n += 1) {
          await scene.commit(["x", "y"].map((part) => ({ put: `${name}/${part}`, value: n })));
          acknowledged.set(name, n);
        }
      };
      const names = Array.from({ length: writers }, (_, index) => `w${index}`);
      const writing = Promise.allSettled(names.map(write));
      await scene.eventually(async () => expect(acknowledged.size).toBeGreaterThan(0));
      const known = new Map(acknowledged);
      await scene.crash();
      for (const name of names) {
        const [x, y] = [await scene.store.get(`${name}/x`), await scene.store.get(`${name}/y`)];
        expect(x?.value, `${name}: one half of a commit, and the other`).toBe(y?.value);
        expect(x?.modRevision).toBe(y?.modRevision);
        expect(Number(x?.value ?? 0)).toBeGreaterThanOrEqual(known.get(name) ?? 0);
      }
      await scene.within("the end of those who wrote", writing);
    },
  },
  {
    name: "the end of a lease outlives a crash",
    crashes: true,
    async run(scene) {
      const lease = await scene.store.grantLease(scene.options.leaseMs);
      const kept = await scene.store.grantLease(scene.options.leaseMs);
      await scene.put("a", 1, lease);
      await scene.put("b", 1, kept);
      await scene.store.revokeLease(lease);
      await scene.crash();
      expect(await scene.keys()).toEqual(["b"]);
      expect(await scene.store.renewLease(lease)).toBe(false);
      expect(await scene.store.renewLease(kept)).toBe(true);
    },
  },
];
