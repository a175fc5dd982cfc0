import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LinkRecord } from "./link-record.ts";
import type { AssignmentList } from "./protocol.ts";
import { takeOn } from "./take-on.ts";

const NAMES = ["a", "b", "c", "d"];
const record = (more: Partial<LinkRecord> = {}): LinkRecord => ({ revision: 0, left: {}, seq: 0, told: {}, ...more });
const list = (controllerId: string, revision: number, ...names: string[]): AssignmentList => ({
  controllerId,
  revision,
  items: names.map((instanceId) => ({ instanceId, desired: "Running", specVersion: 1, apply: {} })),
});

describe("takeOn", () => {
  const known = record({ controllerId: "s1", nodeId: "n", revision: 5 });

  test("gives up what the store that assigned it no longer lists", () => {
    expect(takeOn(list("s1", 6, "a"), known, ["a", "b"], "n")).toMatchObject({
      gone: ["b"],
      newlyLeft: undefined,
      record: { controllerId: "s1", nodeId: "n", revision: 6, left: {} },
    });
    expect(takeOn(list("s1", 5), known, ["a"], "n")?.gone).toEqual(["a"]);
  });

  test("passes over what is older, unless it is the list of another node", () => {
    expect(takeOn(list("s1", 4), known, ["a"], "n")).toBeUndefined();
    expect(takeOn(list("s1", 4), known, ["a"], "m")?.gone).toEqual(["a"]);
  });

  test("keeps what another store assigned, or nobody knows which, until its own list is there again, or it is listed", () => {
    expect(takeOn(list("s2", 1), known, ["a"], "n")).toMatchObject({
      gone: [],
      newlyLeft: ["a"],
      record: { left: { a: "s1" } },
    });
    expect(takeOn(list("s2", 1), record(), ["a"], "n")).toMatchObject({ gone: [], record: { left: { a: "" } } });
    const left = record({ controllerId: "s2", nodeId: "n", revision: 1, left: { a: "s1", b: "s1", c: "" } });
    expect(takeOn(list("s2", 2, "a"), left, ["a", "b", "c"], "n")).toMatchObject({
      gone: [],
      record: { left: { b: "s1", c: "" } },
    });
    expect(takeOn(list("s1", 2, "a"), left, ["a", "b", "c", "d"], "n")).toMatchObject({
      gone: ["b"],
      newlyLeft: ["d"],
      record: { left: { c: "", d: "s2" } },
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
          const taken = takeOn(list(store, revision, ...listed), now, [...assigner.keys()], "n");
          if (!taken) continue;
          for (const name of taken.gone) {
            expect(assigner.get(name)).toBe(store);
            assigner.delete(name);
          }
          for (const name of listed) assigner.set(name, store);
          now = { ...now, ...taken.record };
          for (const name of Object.keys(now.left)) expect(assigner.get(name)).toBe(now.left[name]);
        }
      }),
    );
  });
});
