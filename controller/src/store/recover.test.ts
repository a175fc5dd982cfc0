import type { StoreEntry } from "@damson/plugin-sdk";
import { expect, test } from "vitest";
import type { Change } from "./change.ts";
import type { ReadSegment } from "./read-journal.ts";
import { recover } from "./recover.ts";

function entry(key: string, modRevision: number): StoreEntry {
  return { key, value: modRevision, createRevision: 1, modRevision };
}

function segment(changes: readonly Change[], more: Partial<ReadSegment> = {}): ReadSegment {
  return { number: 1, bytes: 0, head: { revision: 0, leases: {} }, changes, damagedLines: 0, tornBytes: 0, ...more };
}

test("a document that is newer than what the journal says of its key stays as it is", () => {
  // The line that brought them there may be damaged.
  const entries = new Map([entry("put", 9), entry("deleted", 9)].map((one) => [one.key, one]));
  const changes = [
    { revision: 3, puts: [entry("put", 3), entry("deleted", 3), entry("older", 3)], deletes: [] },
    { revision: 4, puts: [], deletes: ["deleted"] },
    { revision: 5, puts: [entry("older", 5)], deletes: [] },
  ];
  const { state, dirty } = recover(entries, [segment(changes)]);
  expect(state.list("", undefined, undefined).map(({ key, value }) => [key, value])).toEqual([
    ["deleted", 9],
    ["older", 5],
    ["put", 9],
  ]);
  expect(state.revision).toBe(9);
  expect([...dirty].sort()).toEqual(["deleted", "older", "put"]);
});

test("the revision and the leases are those of the latest head and the changes after it", () => {
  const first = segment([{ revision: 7, puts: [], deletes: [], ended: "old" }], {
    head: { revision: 6, leases: { old: 1_000, kept: 2_000 } },
  });
  const second = segment([{ revision: 7, puts: [], deletes: [], granted: { id: "new", ttlMs: 3_000 } }], {
    number: 2,
    head: { revision: 7, leases: { kept: 2_000 } },
  });
  const { state } = recover(new Map(), [first, second]);
  expect(state.revision).toBe(7);
  expect([...state.leases].map(([id, { ttlMs }]) => [id, ttlMs])).toEqual([
    ["kept", 2_000],
    ["new", 3_000],
  ]);
});

test("after damage the revision goes far ahead", () => {
  const { state } = recover(new Map(), [segment([], { head: { revision: 5, leases: {} }, damagedLines: 1 })]);
  expect(state.revision).toBe(1_000_005);
});
