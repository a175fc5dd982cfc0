import { expect, test } from "vitest";
import { CommitQueue } from "./commit-queue.ts";
import { State } from "./state.ts";

const operations = (key: string) => ({ operations: [{ put: key, value: key }] });

/** A queue whose writes are kept, and end when they are told to. */
function queueWithDisk() {
  const state = new State(0, new Map(), new Map());
  const disk = { writes: [] as number[], result: Promise.resolve() };
  const queue = new CommitQueue(state, async (changes) => {
    disk.writes.push(changes.length);
    await disk.result;
    for (const change of changes) state.apply(change);
  });
  const commit = (key: string, bytes = 0) => queue.run(bytes, (draft) => draft.commit(operations(key)));
  return { state, disk, queue, commit };
}

test("what comes while a write is under way shares the next one", async () => {
  const { disk, commit, state } = queueWithDisk();
  const { promise, resolve } = Promise.withResolvers<void>();
  disk.result = promise;
  const first = commit("first");
  await expect.poll(() => disk.writes).toEqual([1]);
  const others = Array.from({ length: 500 }, (_, index) => commit(`other/${index}`));
  expect(state.revision).toBe(0);
  resolve();
  await Promise.all([first, ...others]);
  expect(disk.writes).toEqual([1, 500]);
  expect(state.revision).toBe(501);
});

test("a write that fails takes back what it had, and what comes later is not touched", async () => {
  const { disk, commit, state } = queueWithDisk();
  disk.result = Promise.reject(new Error("no space"));
  disk.result.catch(() => undefined);
  const refused = [commit("a"), commit("b")];
  for (const one of refused) await expect(one).rejects.toThrow("no space");
  expect(state.list("", undefined, undefined)).toEqual([]);
  disk.result = Promise.resolve();
  expect(await commit("c")).toEqual({ committed: true, revision: 1 });
});

test("what is too much for one write is written in several, and what is too much to wait is refused", async () => {
  const { disk, commit } = queueWithDisk();
  const mib = 1_048_576;
  const waiting = Array.from({ length: 60 }, (_, index) => commit(`waits/${index}`, mib));
  await expect(commit("too much", 5 * mib)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", retryable: true });
  await Promise.all(waiting);
  expect(Math.max(...disk.writes)).toBeLessThanOrEqual(4);
  expect(await commit("again", 5 * mib)).toMatchObject({ committed: true });
});
