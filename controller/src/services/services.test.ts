import { expect, test } from "vitest";
import { beat, call } from "../fixtures/calls.ts";
import { eventually } from "../fixtures/eventually.ts";
import { GOING, instanceId, putAssignment, putDeployment } from "../fixtures/objects.ts";
import { type Life, Scene } from "../fixtures/scene.ts";

async function life(): Promise<Life & { scene: Scene }> {
  const scene = await Scene.make();
  const one = Object.assign(await scene.begin(), { scene });
  await putDeployment(one.parts, 1);
  await beat(one, "n1");
  return one;
}

const WEB = { serviceName: "web", port: 80, protocol: "http", version: "v1", labels: { zone: "a" } };

const register = (one: Life, instanceId: string, fields: object = {}) =>
  call(one, "POST", "/v1/services/register?replace=true", {
    instanceId,
    nodeId: "n1",
    ip: "10.0.0.1",
    endpoints: [WEB],
    ...fields,
  });
const discover = async (one: Life, query: string) => (await call(one, "GET", `/v1/discovery?${query}`)).body;
const ids = (found: { instanceId: string }[]) => found.map(({ instanceId }) => instanceId);

test("what an instance registers replaces what it registered before", async () => {
  const one = await life();
  const id = await putAssignment(one.parts, "n1", [1, 1]);
  expect(await register(one, id)).toMatchObject({ status: 204, body: undefined });
  expect(await discover(one, "service=web")).toEqual([
    { ...WEB, instanceId: id, nodeId: "n1", ip: "10.0.0.1", healthy: true, lastSeen: 1_893_456_000 },
  ]);
  await register(one, id, { endpoints: [{ serviceName: "api", port: 81 }] });
  expect((await call(one, "GET", "/v1/services/list")).body).toEqual(["api"]);
  expect(await discover(one, "service=api")).toMatchObject([{ protocol: "http", version: "", labels: {} }]);
  await register(one, id, { endpoints: [] });
  expect((await call(one, "GET", "/v1/services/list")).body).toEqual([]);
});

test("an instance registers only from the node and while it is to run there", async () => {
  const one = await life();
  const id = await putAssignment(one.parts, "n1", [1, 1]);
  const refused = { status: 409, body: { code: "INSTANCE_NOT_ASSIGNED" } };
  expect(await register(one, id, { nodeId: "n2" })).toMatchObject(refused);
  expect(await register(one, instanceId(1, 9))).toMatchObject(refused);
  await putAssignment(one.parts, "n1", [1, 1], { desired: "Stopped" });
  expect(await register(one, id)).toMatchObject(refused);
  await putAssignment(one.parts, "n1", [1, 1], { desired: "Running", ...GOING });
  expect(await register(one, id)).toMatchObject({
    ...refused,
    body: { detail: expect.stringContaining("scaled_down") },
  });
  // What no controller placed registers for itself.
  expect(await register(one, "manual-1", { nodeId: "manual" })).toMatchObject({ status: 204 });
});

test.each([
  ["it goes", (one: Life) => putAssignment(one.parts, "n1", [1, 1], GOING)],
  ["it is stopped", (one: Life) => putAssignment(one.parts, "n1", [1, 1], { desired: "Stopped" })],
  ["its deployment is stopped", (one: Life) => putDeployment(one.parts, 1, { status: "Stopped" })],
])("an instance is not found any more when %s", async (_, change) => {
  const one = await life();
  const id = await putAssignment(one.parts, "n1", [1, 1]);
  await register(one, id);
  await register(one, "manual-1");
  await change(one);
  await eventually(() => expect(one.parts.objects.endpoints.get(id)).toBeUndefined());
  expect(ids(await discover(one, "service=web"))).toEqual(["manual-1"]);
});

test("an instance is not found while its agent says that it is not healthy", async () => {
  const one = await life();
  const id = await putAssignment(one.parts, "n1", [1, 1]);
  await register(one, id);
  const tell = (seq: number, healthy: boolean) =>
    one.statuses.take("n1", [{ instanceId: id, seq, phase: "Running", healthy }]);
  await tell(1, false);
  expect(await discover(one, "service=web")).toEqual([]);
  expect(await discover(one, "service=web&all=true")).toMatchObject([{ instanceId: id, healthy: false }]);
  await tell(2, true);
  expect(ids(await discover(one, "service=web"))).toEqual([id]);
});

test("what a controller left undone when it ended, the next one does", async () => {
  const one = await life();
  const id = await putAssignment(one.parts, "n1", [1, 1]);
  await register(one, id);
  await one.services.close();
  await putAssignment(one.parts, "n1", [1, 1], GOING);
  expect(one.parts.objects.endpoints.get(id)).toBeDefined();
  await one.scene.end();
  const next = await one.scene.begin();
  await eventually(() => expect(next.parts.objects.endpoints.size).toBe(0));
});

test("discovery gives what is healthy on healthy nodes, and everything with all", async () => {
  const one = await life();
  await beat(one, "n2", { owner: "owner-2" });
  const first = await putAssignment(one.parts, "n1", [1, 1]);
  const second = await putAssignment(one.parts, "n2", [1, 2]);
  await register(one, first);
  await register(one, second, { nodeId: "n2", endpoints: [{ ...WEB, version: "v2", protocol: "grpc" }] });
  expect(ids(await discover(one, "service=web"))).toEqual([first, second]);
  expect(ids(await discover(one, "service=web&version=v2"))).toEqual([second]);
  expect(ids(await discover(one, "service=web&protocol=http"))).toEqual([first]);
  expect(ids(await discover(one, "service=web&limit=1"))).toEqual([first]);
  expect(await discover(one, "service=none")).toEqual([]);

  // As when its lease ends.
  await one.parts.changes.run((change) => change.delete("nodeLeases", "n1"));
  await eventually(async () => expect(ids(await discover(one, "service=web"))).toEqual([second]));
  const all = await discover(one, "service=web&all=true");
  expect(all).toMatchObject([
    { instanceId: first, healthy: false },
    { instanceId: second, healthy: true },
  ]);
});

test("a heartbeat says which endpoints are healthy, and that the instance is still there", async () => {
  const one = await life();
  const id = await putAssignment(one.parts, "n1", [1, 1]);
  await register(one, id, { endpoints: [WEB, { ...WEB, port: 81 }] });
  one.scene.time += 5_000;
  const say = (health?: object[]) => call(one, "POST", "/v1/services/heartbeat", { instanceId: id, health });
  expect(await say([{ serviceName: "web", port: 81, healthy: false }])).toMatchObject({ status: 204 });
  expect(await discover(one, "service=web")).toMatchObject([{ port: 80, lastSeen: 1_893_456_005 }]);
  const { revision } = one.parts.objects.endpoints.get(id) ?? {};
  await say();
  expect(one.parts.objects.endpoints.get(id)?.revision).toBe(revision);
  await say([{ serviceName: "web", healthy: true }]);
  expect(await discover(one, "service=web")).toHaveLength(2);
  const unknown = await call(one, "POST", "/v1/services/heartbeat", { instanceId: "none" });
  expect(unknown).toMatchObject({ status: 404, body: { code: "SERVICE_NOT_REGISTERED" } });
});

test("an instance can take back what it registered, once and again", async () => {
  const one = await life();
  await register(one, "manual-1");
  for (let time = 0; time < 2; time += 1) {
    expect(await call(one, "DELETE", "/v1/services?instanceId=manual-1")).toMatchObject({ status: 204 });
  }
  expect(await discover(one, "service=web")).toEqual([]);
  expect(await call(one, "GET", "/v1/discovery")).toMatchObject({ status: 400, body: { detail: "service required" } });
});

test("one endpoint is given to those who want one: any, in turn, or by a key", async () => {
  const one = await life();
  for (const number of [1, 2, 3]) await register(one, `manual-${number}`);
  const resolve = async (query: string): Promise<string> =>
    (await call(one, "GET", `/v1/resolve?service=web${query}`)).body.instanceId;
  const turns: string[] = [];
  for (let count = 0; count < 6; count += 1) turns.push(await resolve("&strategy=round_robin"));
  expect(turns.slice(0, 3).sort()).toEqual(["manual-1", "manual-2", "manual-3"]);
  expect(turns.slice(3)).toEqual(turns.slice(0, 3));
  expect(await resolve("")).toMatch(/^manual-[123]$/);

  const keys = Array.from({ length: 30 }, (_, number) => `user-${number}`);
  const before = await Promise.all(keys.map((key) => resolve(`&hashKey=${key}`)));
  expect(new Set(before).size).toBe(3);
  await call(one, "DELETE", "/v1/services?instanceId=manual-2");
  const after = await Promise.all(keys.map((key) => resolve(`&hashKey=${key}`)));
  // Only what went to the one that is gone goes elsewhere.
  expect(after.filter((id, index) => id !== before[index])).toHaveLength(
    before.filter((id) => id === "manual-2").length,
  );

  const none = await call(one, "GET", "/v1/resolve?service=none");
  expect(none).toMatchObject({ status: 404, body: { code: "NO_ENDPOINT" } });
});
