import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../fixtures/eventually.ts";
import { BatchLoop } from "./batch-loop.ts";

function loop(work: (ids: readonly string[]) => Promise<unknown>): BatchLoop {
  const made = new BatchLoop({ name: "Test", size: 3, work, log: pino({ level: "silent" }) });
  onTestFinished(() => made.close());
  return made;
}

test("ids are worked off in batches, each once, and none before the start", async () => {
  const batches: (readonly string[])[] = [];
  const one = loop(async (ids) => batches.push(ids));
  for (const id of ["a", "b", "a", "c", "d"]) one.add(id);
  await Promise.resolve();
  expect(batches).toEqual([]);
  one.start();
  await eventually(() => expect(batches).toEqual([["a", "b", "c"], ["d"]]));
  one.add("a");
  await eventually(() => expect(batches.at(-1)).toEqual(["a"]));
});

test("an id that is added while its batch is under way is looked at once more", async () => {
  const batches: (readonly string[])[] = [];
  const one = loop(async (ids) => {
    if (batches.push(ids) === 1) one.add("a");
  });
  one.start();
  one.add("a");
  await eventually(() => expect(batches).toEqual([["a"], ["a"]]));
});

test("a batch that fails is tried again, and what comes meanwhile is not lost", async () => {
  let failures = 1;
  const done = new Set<string>();
  const one = loop(async (ids) => {
    failures -= 1;
    if (failures >= 0) throw new Error("a test says so");
    for (const id of ids) done.add(id);
  });
  one.start();
  one.add("a");
  one.add("b");
  await eventually(() => expect([...done].sort()).toEqual(["a", "b"]));
});

test("closing waits for the batch that is under way, and begins no other", async () => {
  const gate = Promise.withResolvers<void>();
  const batches: (readonly string[])[] = [];
  const one = loop(async (ids) => {
    batches.push(ids);
    await gate.promise;
  });
  one.start();
  for (const id of ["a", "b", "c", "d"]) one.add(id);
  await eventually(() => expect(batches).toHaveLength(1));
  const closed = one.close();
  gate.resolve();
  await closed;
  one.add("e");
  expect(batches).toEqual([["a", "b", "c"]]);
});
