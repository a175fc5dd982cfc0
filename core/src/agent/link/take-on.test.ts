import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LinkRecord } from "./link-record.ts";
import type { AssignmentList } from "./protocol.ts";
import { takeOn } from "./take-on.ts";

const NAMES = ["a", "b", "c", "d"];
const record = (more: Partial<LinkRecord> = {}): LinkRecord => ({ revision: 0, seq: 0, told: {}, ...more });
const list = (controllerId: string, revision: number, ...names: string[]): AssignmentList => ({
  controllerId,
  revision,
  items: names.map((instanceId) => ({ instanceId, desired: "Running", specVersion: 1, apply: {} })),
});

describe("takeOn", () => {
  const known = record({ controllerId: "s1", nodeId: "n", revision: 5 });
  const of = (store: string | undefined, ...names: string[]) => new Map(names.map((name) => [name, store] as const));

  test("gives up what the store that assigned it no longer lists", () => {
    expect(takeOn(list("s1", 6, "a"), known, of("s1", "a", "b"), "n")).toEqual({
      record: { controllerId: "s1", nodeId: "n", revision: 6 },
      gone: ["b"],
      left: [],
      isAnother: false,
    });
    expect(takeOn(list("s1", 5), known, of("s1", "a"), "n")?.gone).toEqual(["a"]);
  });

  test("passes over what is older, unless it is the list of another node", () => {
    expect(takeOn(list("s1", 4), known, of("s1", "a"), "n")).toBeUndefined();
    expect(takeOn(list("s1", 4), known, of("s1", "a"), "m")?.gone).toEqual(["a"]);
  });

  test("keeps what another store assigned, or nobody knows which", () => {
    const here = new Map([...of("s1", "a", "b"), ...of(undefined, "c"), ...of("s2", "d")]);
    expect(takeOn(list("s2", 1, "a"), known, here, "n")).toMatchObject({
      gone: ["d"],
      left: ["b", "c"],
      isAnother: true,
    });
  });

  test("never gives up an app without the word of the store that assigned it", () => {
    const names = fc.subarray(NAMES);
    const step = fc.record({ store: fc.constantFrom("s1", "s2", "s3"), revision: fc.nat(5), listed: names });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let now = record();
        const assigner = new Map<string, string>();
        for (const { store, revision, listed } of steps) {
          const taken = takeOn(list(store, revision, ...listed), now, assigner, "n");
          if (!taken) continue;
          for (const name of taken.gone) expect([assigner.get(name), listed.includes(name)]).toEqual([store, false]);
          for (const name of taken.left) expect(assigner.get(name)).not.toBe(store);
          for (const name of taken.gone) assigner.delete(name);
          for (const name of listed) assigner.set(name, store);
          now = { ...now, ...taken.record };
        }
      }),
    );
  });
});
