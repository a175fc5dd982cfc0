import { expect, test } from "vitest";
import { beat, call, plumBeat } from "../fixtures/calls.ts";
import { instanceId, putAssignment, putDeployment } from "../fixtures/objects.ts";
import { type Life, Scene } from "../fixtures/scene.ts";

async function life(instances: number): Promise<Life & { scene: Scene; ids: string[] }> {
  const scene = await Scene.make();
  const one = await scene.begin();
  await putDeployment(one.parts, 1);
  await beat(one, "n1");
  const ids: string[] = [];
  for (let number = 1; number <= instances; number += 1) ids.push(instanceId(1, number));
  await Promise.all(ids.map((_, index) => putAssignment(one.parts, "n1", [1, index + 1])));
  return Object.assign(one, { scene, ids });
}

const report = (one: Life, statuses: object[], nodeId = "n1") =>
  call(one, "POST", "/v1/instances/status", { nodeId, statuses });
const history = async (one: Life, id: string) => (await call(one, "GET", `/v1/instances/${id}/statuses`)).body.statuses;

test("the latest report of an instance is kept with those before it, by the controller's clock", async () => {
  const one = await life(1);
  const [instanceId = ""] = one.ids;
  await report(one, [{ instanceId, seq: 1, phase: "Pending", detail: "preparing", tsUnix: 5 }]);
  one.scene.time += 3_000;
  await report(one, [{ instanceId, seq: 2, phase: "Running", healthy: true, restarts: 1, specVersion: 1, tsUnix: 99 }]);
  expect(await history(one, instanceId)).toEqual([
    { phase: "Running", healthy: true, restarts: 1, specVersion: 1, tsUnix: 99, receivedAt: 1_893_456_003 },
    { phase: "Pending", healthy: false, detail: "preparing", tsUnix: 5, receivedAt: 1_893_456_000 },
  ]);
  const list = await call(one, "GET", "/v1/assignments?nodeId=n1");
  expect(list.body.items).toMatchObject([
    { phase: "Running", healthy: true, lastReportAt: 1_893_456_003, restarts: 1 },
  ]);
});

test("older reports that come late are dropped, and the same one again writes nothing", async () => {
  const one = await life(1);
  const [instanceId = ""] = one.ids;
  const running = { instanceId, phase: "Running", healthy: true };
  await report(one, [{ ...running, seq: 5 }]);
  const { revision } = one.parts.objects.statuses.get(instanceId) ?? {};
  await report(one, [{ ...running, seq: 5, phase: "Failed" }]);
  await report(one, [{ ...running, seq: 4, phase: "Failed" }]);
  await report(one, [{ ...running, seq: 7, tsUnix: 1_000 }]);
  // It came later than number 7, which said nothing new.
  await report(one, [{ ...running, seq: 6, phase: "Failed" }]);
  expect(one.parts.objects.statuses.get(instanceId)?.revision).toBe(revision);
  await report(one, [
    { ...running, seq: 9, healthy: false },
    { ...running, seq: 8, phase: "Pending" },
  ]);
  expect((await history(one, instanceId)).map(({ phase }: { phase: string }) => phase)).toEqual([
    "Running",
    "Pending",
    "Running",
  ]);
});

test("at most twenty are kept beside the latest", async () => {
  const one = await life(1);
  const [instanceId = ""] = one.ids;
  const statuses = Array.from({ length: 40 }, (_, seq) => ({ instanceId, seq, phase: "Exited", restarts: seq }));
  await report(one, statuses);
  const kept = await history(one, instanceId);
  expect(kept).toHaveLength(21);
  expect(kept[0]).toMatchObject({ restarts: 39 });
});

test("a batch is one commit as far as a commit goes, and what is of another node is named", async () => {
  const one = await life(100);
  const foreign = await putAssignment(one.parts, "n2", [1, 101]);
  const before = one.parts.objects.revision;
  const ids = [...one.ids, foreign, instanceId(9, 9)];
  const statuses = ids.map((instanceId, seq) => ({ instanceId, seq, phase: "Running", healthy: true }));
  const { status, body } = await report(one, statuses);
  expect(status).toBe(200);
  expect(body).toEqual({ accepted: 100, unknown: [foreign, instanceId(9, 9)] });
  expect(one.parts.objects.revision - before).toBeLessThanOrEqual(2);
  expect(one.parts.objects.statuses.size).toBe(100);
});

test("long reasons do not make a commit too large", async () => {
  const one = await life(60);
  const reason = "ä".repeat(4_000);
  for (let round = 0; round < 3; round += 1) {
    const statuses = one.ids.map((instanceId) => ({
      instanceId,
      seq: round,
      phase: "Failed",
      restarts: round,
      reason,
    }));
    expect(await report(one, statuses)).toMatchObject({ status: 200, body: { accepted: 60, unknown: [] } });
  }
  expect(await history(one, one.ids[59] ?? "")).toHaveLength(3);
});

test("an agent of Plum reports one instance at a time, and Completed is Exited", async () => {
  const one = await life(1);
  const [id = ""] = one.ids;
  await plumBeat(one, "plum");
  const plum = await putAssignment(one.parts, "plum", [1, 7]);
  const send = (instanceId: string, phase: string) =>
    call(one, "POST", "/v1/instances/status", { instanceId, phase, exitCode: 0, healthy: true, tsUnix: 1 });
  expect(await send(plum, "Running")).toMatchObject({ status: 204, body: undefined });
  expect(await send(plum, "Completed")).toMatchObject({ status: 204 });
  expect(await history(one, plum)).toMatchObject([{ phase: "Exited", exitCode: 0 }, { phase: "Running" }]);
  expect(await send(instanceId(1, 99), "Running")).toMatchObject({ status: 404, body: { code: "INSTANCE_NOT_FOUND" } });
  expect(await history(one, id)).toEqual([]);
});

test("people are told once of what failed", async () => {
  const one = await life(1);
  const [instanceId = ""] = one.ids;
  const failed = { instanceId, phase: "Failed", reason: "exit code 3" };
  await report(one, [{ ...failed, seq: 1 }]);
  await report(one, [{ ...failed, seq: 2, restarts: 1, crashLooping: true }]);
  const told = one.parts.events.since().filter(({ type }) => type.startsWith("instance."));
  expect(told.map(({ type }) => type)).toEqual(["instance.failed", "instance.crash_looping"]);
  expect(told[0]).toMatchObject({ instanceId, nodeId: "n1", message: expect.stringContaining("exit code 3") });
});
