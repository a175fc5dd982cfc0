import { expect, test } from "vitest";
import { beat, call, plumBeat } from "../fixtures/calls.ts";
import { GOING, instanceId, putAssignment, putDeployment } from "../fixtures/objects.ts";
import { type Life, Scene } from "../fixtures/scene.ts";

async function life(): Promise<Life & { scene: Scene }> {
  const scene = await Scene.make();
  const one = Object.assign(await scene.begin(), { scene });
  await putDeployment(one.parts, 1);
  return one;
}

const has = (one: Life, id: string) => one.parts.objects.assignments.get(id) !== undefined;
const revisionOf = async (one: Life) =>
  (await call(one, "GET", "/v1/assignments?nodeId=n1&include=apply")).body.revision;

test("an instance that goes is forgotten when its agent has brought the list about and has it no more", async () => {
  const one = await life();
  await beat(one, "n1");
  const kept = await putAssignment(one.parts, "n1", [1, 1]);
  const id = await putAssignment(one.parts, "n1", [1, 2]);
  await call(one, "POST", "/v1/instances/status", { instanceId: id, phase: "Running" });
  const before = await revisionOf(one);
  await putAssignment(one.parts, "n1", [1, 2], GOING);
  const revision = await revisionOf(one);
  expect(revision).toBeGreaterThan(before);
  const controllerId = "the-controller";
  const seen = (fields: object) => beat(one, "n1", { seen: { controllerId, revision, instances: [kept], ...fields } });

  for (const early of [
    { revision: before },
    { instances: [kept, id] },
    { controllerId: "another", revision: revision + 1_000 },
  ]) {
    await seen(early);
    expect(has(one, id)).toBe(true);
  }
  await seen({ instances: [] });
  expect([has(one, kept), has(one, id)]).toEqual([true, false]);
  expect(one.parts.objects.statuses.get(id)).toBeUndefined();
});

test("hundreds of them are forgotten with one heartbeat", async () => {
  const one = await life();
  await beat(one, "n1");
  for (let number = 1; number <= 300; number += 1) void putAssignment(one.parts, "n1", [1, number], GOING);
  await putAssignment(one.parts, "n1", [1, 301], GOING);
  const revision = await revisionOf(one);
  await beat(one, "n1", { seen: { controllerId: "the-controller", revision, instances: [] } });
  expect(one.parts.objects.assignments.size).toBe(0);
});

test("an agent of Plum confirms by saying Stopped, and what it never ran goes after a while", async () => {
  const one = await life();
  await plumBeat(one, "n1");
  const ids = [1, 2, 3].map((number) => instanceId(1, number));
  for (const number of [1, 2, 3]) await putAssignment(one.parts, "n1", [1, number]);
  const report = (id: string | undefined, phase: string) =>
    call(one, "POST", "/v1/instances/status", { instanceId: id, phase, exitCode: 0, healthy: true, tsUnix: 1 });
  await report(ids[0], "Running");
  await report(ids[1], "Running");
  const going = { removing: { reason: "deleted", at: new Date(one.scene.time).toISOString() } } as const;
  for (const number of [1, 2, 3]) await putAssignment(one.parts, "n1", [1, number], going);
  expect(await report(ids[0], "Stopped")).toMatchObject({ status: 204 });
  expect(await report(ids[0], "Stopped")).toMatchObject({ status: 404, body: { code: "INSTANCE_NOT_FOUND" } });
  await plumBeat(one, "n1");
  expect(ids.map((id) => has(one, id))).toEqual([false, true, true]);
  one.scene.time += 61_000;
  await plumBeat(one, "n1");
  // What once ran is gone only when its agent says so.
  expect(ids.map((id) => has(one, id))).toEqual([false, true, false]);
});

test("a store that was brought back from a backup is found out, once for each node, until it has caught up", async () => {
  const one = await life();
  await beat(one, "n1");
  const told = () => one.parts.events.since().filter(({ type }) => type === "store.behind");
  const beats = async (controllerId: string, ahead: number) => {
    const revision = one.parts.objects.revision + ahead;
    for (let time = 0; time < 2; time += 1) await beat(one, "n1", { seen: { controllerId, revision, instances: [] } });
  };
  await beats("the-controller", 0);
  await beats("another", 100);
  expect(told()).toEqual([]);
  await beats("the-controller", 100);
  expect(told()).toMatchObject([{ nodeId: "n1", message: expect.stringContaining("backup") }]);
  await beats("the-controller", 0);
  await beats("the-controller", 100);
  expect(told()).toHaveLength(2);
});
