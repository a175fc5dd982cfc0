import { expect } from "vitest";
import type { StoreCaseDefinition } from "../store-case.ts";
import type { StoreScene } from "../store-scene.ts";

/** Enough for a lease to end that was not renewed: twice its time, since it may end somewhat later. */
function pass({ place, options }: StoreScene): Promise<void> {
  return place.advance(2 * options.leaseMs);
}

/** Half of a lease's time, after which it must still be there. */
function passHalf({ place, options }: StoreScene): Promise<void> {
  return place.advance(options.leaseMs / 2);
}

function grant(scene: StoreScene): Promise<string> {
  return scene.within("granting a lease", scene.store.grantLease(scene.options.leaseMs));
}

async function untilKeys(scene: StoreScene, keys: readonly string[]): Promise<void> {
  await scene.eventually(async () => expect(await scene.keys()).toEqual(keys));
}

/** Leases. */
export const leaseCases: readonly StoreCaseDefinition[] = [
  {
    name: "a key that was put with a lease names it, and others name none",
    async run(scene) {
      const lease = await grant(scene);
      await scene.put("a", 1, lease);
      await scene.put("b", 1);
      expect((await scene.store.get("a"))?.lease).toBe(lease);
      expect(await scene.store.get("b")).not.toHaveProperty("lease");
    },
  },
  {
    name: "a lease that is not renewed ends not before its time, and its keys with it as one change",
    async run(scene) {
      const lease = await grant(scene);
      await scene.put("a/1", 1, lease);
      await scene.put("a/2", 1, lease);
      const before = await scene.put("b", 1);
      const watching = scene.watch("", before);
      await passHalf(scene);
      expect(await scene.keys()).toEqual(["a/1", "a/2", "b"]);
      await pass(scene);
      await untilKeys(scene, ["b"]);
      await scene.eventually(async () => expect(watching.batches).toHaveLength(1));
      expect(watching.told.toSorted()).toEqual(["delete a/1", "delete a/2"]);
      const revision = await scene.revision();
      expect(revision).toBeGreaterThan(before);
      expect(watching.batches[0]?.events).toContainEqual({ type: "delete", key: "a/1", revision });
      expect(watching.batches[0]?.revision).toBe(revision);
    },
  },
  {
    name: "a lease that is renewed in time goes on, and one beside it that is not ends",
    async run(scene) {
      const [renewed, left] = [await grant(scene), await grant(scene)];
      await scene.put("renewed", 1, renewed);
      await scene.put("left", 1, left);
      for (let time = 0; time < 6; time += 1) {
        await passHalf(scene);
        expect(await scene.store.renewLease(renewed)).toBe(true);
      }
      await untilKeys(scene, ["renewed"]);
      await pass(scene);
      await untilKeys(scene, []);
    },
  },
  {
    name: "a lease that has ended, or never was, cannot be renewed",
    async run(scene) {
      const lease = await grant(scene);
      await scene.put("a", 1, lease);
      await pass(scene);
      await untilKeys(scene, []);
      expect(await scene.store.renewLease(lease)).toBe(false);
      const revoked = await grant(scene);
      await scene.store.revokeLease(revoked);
      expect(await scene.store.renewLease(revoked)).toBe(false);
    },
  },
  {
    name: "revoking ends a lease and its keys at once, as one change, and once more is a success",
    async run(scene) {
      const lease = await grant(scene);
      await scene.put("a", 1, lease);
      const watching = scene.watch("", await scene.put("b", 1, lease));
      await scene.store.revokeLease(lease);
      expect(await scene.keys()).toEqual([]);
      await scene.store.revokeLease(lease);
      await scene.put("c");
      await scene.eventually(async () => expect(watching.batches).toHaveLength(2));
      expect(watching.told.toSorted()).toEqual(["delete a", "delete b", "put c"]);
    },
  },
  {
    name: "a commit with a lease that has ended is refused with STORE_LEASE_GONE, and changes nothing",
    async run(scene) {
      const lease = await grant(scene);
      await scene.put("kept", 1);
      await scene.store.revokeLease(lease);
      const operations = [{ put: "a", value: 1 }, { put: "b", value: 1, lease }, { delete: "kept" }];
      await scene.refuses("STORE_LEASE_GONE", 409, "a lease that has ended", () => scene.store.commit({ operations }));
    },
  },
  {
    name: "a key that is put again without its lease stays when that ends",
    async run(scene) {
      const lease = await grant(scene);
      await scene.commit(["freed", "leased", "renamed"].map((put) => ({ put, value: 1, lease })));
      await scene.put("freed", 2);
      await scene.commit([{ delete: "renamed" }]);
      await scene.put("renamed", 2);
      expect(await scene.store.get("freed")).not.toHaveProperty("lease");
      await pass(scene);
      await untilKeys(scene, ["freed", "renamed"]);
    },
  },
  {
    name: "a key that is put again with another lease ends with that one",
    async run(scene) {
      const [first, second] = [await grant(scene), await grant(scene)];
      await scene.put("a", 1, first);
      await scene.put("a", 2, second);
      await scene.store.revokeLease(first);
      expect(await scene.keys()).toEqual(["a"]);
      await scene.store.revokeLease(second);
      expect(await scene.keys()).toEqual([]);
    },
  },
  {
    name: "granting, renewing, and the end of a lease without keys change no revision",
    async run(scene) {
      const revision = await scene.put("a");
      const lease = await grant(scene);
      await scene.store.renewLease(lease);
      await scene.store.revokeLease(lease);
      expect(await scene.revision()).toBe(revision);
    },
  },
  {
    name: "a lease of the store that was closed has its whole time again when it is opened",
    async run(scene) {
      const [lease, other] = [await grant(scene), await grant(scene)];
      await scene.put("a", 1, lease);
      await scene.put("b", 1, other);
      await passHalf(scene);
      await scene.restart();
      for (let time = 0; time < 3; time += 1) {
        await passHalf(scene);
        if (time === 0) expect(await scene.keys()).toEqual(["a", "b"]);
        expect(await scene.store.renewLease(lease)).toBe(true);
      }
      await untilKeys(scene, ["a"]);
      await pass(scene);
      await untilKeys(scene, []);
    },
  },
];
