import { expect } from "vitest";
import { STORE_LIMITS, type StoreCommit } from "../../../store/commit.ts";
import type { StoreCaseDefinition } from "../store-case.ts";
import type { StoreScene } from "../store-scene.ts";

const { operations: MANY, valueBytes, keyLength, leaseMs } = STORE_LIMITS;
const BAD_KEYS = ["", "/", "/a", "a/", "a//b", "a b", "a\n", "a\0", "ä", "k".repeat(keyLength + 1), 5, null, undefined];
/** A string which is as many bytes as JSON, of characters that are two bytes each. */
const wide = (bytes: number) => `${"ü".repeat((bytes - 2) / 2)}`;

function refuse(scene: StoreScene, what: string, call: () => Promise<unknown>): Promise<void> {
  // A store may refuse at the call, or by its promise.
  return scene.refuses("STORE_INVALID", 400, what, async () => call());
}

// What TypeScript would not let through: plugins may be written in JavaScript.
function refuseCommit(scene: StoreScene, what: string, commit: unknown): Promise<void> {
  return refuse(scene, what, () => scene.store.commit(commit as StoreCommit));
}

function puts(count: number) {
  return Array.from({ length: count }, (_, index) => ({ put: `many/${index}`, value: index }));
}

/** Limits, and what is refused. */
export const inputCases: readonly StoreCaseDefinition[] = [
  {
    name: "a commit may have as many operations and conditions as the limit says, and no more",
    async run(scene) {
      const when = Array.from({ length: MANY }, (_, index) => ({ key: `many/${index}`, modRevision: 0 }));
      await scene.commit(puts(MANY), when);
      await refuseCommit(scene, "too many operations", { operations: puts(MANY + 1) });
      const more = [...when, { key: "other", modRevision: 0 }];
      await refuseCommit(scene, "too many conditions", { when: more, operations: [] });
    },
  },
  {
    name: "the values of a commit may have as many bytes as the limit says, and no more",
    async run(scene) {
      await scene.put("one", wide(valueBytes));
      expect((await scene.store.get("one"))?.value).toBe(wide(valueBytes));
      const half = (put: string, more = 0) => ({ put, value: wide(valueBytes / 2 + more) });
      await scene.commit([half("one"), half("two")]);
      await refuseCommit(scene, "a value that is too large", {
        operations: [{ put: "a", value: wide(valueBytes + 2) }],
      });
      await refuseCommit(scene, "values that are too large", { operations: [half("one", 2), half("two")] });
    },
  },
  {
    name: "a key may be as long as the limit says, of all characters that the pattern has",
    async run(scene) {
      const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join("");
      const keys = [printable.replace("/", "+"), "k".repeat(keyLength), "A/b/C", ".", "..", "a/../b", "__proto__"];
      for (const key of keys) {
        await scene.put(key, key);
        expect(await scene.store.get(key)).toMatchObject({ key, value: key });
      }
      expect(await scene.keys()).toEqual(keys.toSorted());
    },
  },
  {
    name: "what is no key is refused, wherever it stands",
    async run(scene) {
      await scene.put("a");
      for (const key of BAD_KEYS) {
        const shown = JSON.stringify(key)?.slice(0, 20);
        await refuseCommit(scene, `a put of ${shown}`, { operations: [{ put: key, value: 1 }] });
        await refuseCommit(scene, `a delete of ${shown}`, { operations: [{ delete: key }, { put: "b", value: 1 }] });
        const when = [{ key, modRevision: 0 }];
        await refuseCommit(scene, `a condition on ${shown}`, { when, operations: [{ put: "b", value: 1 }] });
        await refuse(scene, `get of ${shown}`, () => scene.store.get(key as string));
      }
    },
  },
  {
    name: "a commit that names a key twice is refused",
    async run(scene) {
      await scene.put("a");
      const put = { put: "a", value: 1 };
      await refuseCommit(scene, "two puts of a key", { operations: [put, { put: "b", value: 1 }, put] });
      await refuseCommit(scene, "a put and a delete of a key", { operations: [put, { delete: "a" }] });
    },
  },
  {
    name: "what is no JSON, no revision or no id of a lease is refused in a commit",
    async run(scene) {
      const circle: unknown[] = [];
      circle.push(circle);
      for (const value of [undefined, () => 1, Symbol("a"), 1n, circle]) {
        await refuseCommit(scene, `a value that is ${typeof value}`, {
          operations: [
            { put: "b", value: 1 },
            { put: "a", value },
          ],
        });
      }
      for (const modRevision of [-1, 1.5, Number.NaN, "1", undefined]) {
        await refuseCommit(scene, `the revision ${modRevision}`, { when: [{ key: "a", modRevision }], operations: [] });
      }
      for (const lease of ["", 5, null]) {
        await refuseCommit(scene, `the lease ${lease}`, { operations: [{ put: "a", value: 1, lease }] });
      }
    },
  },
  {
    name: "what is no commit at all is refused",
    async run(scene) {
      const wrong = [undefined, null, 5, {}, { operations: {} }, { operations: [null] }, { operations: [{}] }];
      for (const commit of [...wrong, { operations: [], when: {} }, { operations: [], when: [null] }]) {
        await refuseCommit(scene, `the commit ${JSON.stringify(commit)}`, commit);
      }
      await refuseCommit(scene, "a put that is a delete too", { operations: [{ put: "a", value: 1, delete: "b" }] });
    },
  },
  {
    name: "what is no prefix, no limit or no key to go on after is refused by list",
    async run(scene) {
      for (const prefix of ["ä", "a b", "k".repeat(keyLength + 1), 5, undefined]) {
        await refuse(scene, `the prefix ${String(prefix).slice(0, 20)}`, () => scene.store.list(prefix as string));
      }
      for (const limit of [0, -1, 1.5, Number.NaN, "1"]) {
        await refuse(scene, `the limit ${limit}`, () => scene.store.list("", { limit: limit as number }));
      }
      await refuse(scene, "an empty key to go on after", () => scene.store.list("", { after: "" }));
    },
  },
  {
    name: "a watch of what is no prefix, or from what is no revision, is refused",
    async run(scene) {
      for (const [prefix, revision] of [
        ["ä", 0],
        ["", -1],
        ["", 0.5],
        ["", Number.NaN],
      ] as const) {
        await refuse(scene, `a watch of "${prefix}" from ${revision}`, async () => {
          for await (const _ of scene.store.watch(prefix, revision, AbortSignal.timeout(scene.options.deadlineMs)));
        });
      }
    },
  },
  {
    name: "a lease may be as short and as long as the limits say",
    async run(scene) {
      for (const ttlMs of [leaseMs.min, leaseMs.max]) {
        expect(await scene.store.renewLease(await scene.store.grantLease(ttlMs))).toBe(true);
      }
      for (const ttlMs of [leaseMs.min - 1, leaseMs.max + 1, 1_000.5, Number.NaN, 0, -1, "2000"]) {
        await refuse(scene, `a lease of ${ttlMs} ms`, () => scene.store.grantLease(ttlMs as number));
      }
    },
  },
];
