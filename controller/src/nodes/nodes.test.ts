import { createHash } from "node:crypto";
import { type Store, storeUnavailable } from "@damson/plugin-sdk";
import { expect, test } from "vitest";
import { beat, call, plumBeat } from "../fixtures/calls.ts";
import { eventually } from "../fixtures/eventually.ts";
import { GOING, putAssignment, putDeployment } from "../fixtures/objects.ts";
import { fakeTimers, type Life, Scene } from "../fixtures/scene.ts";

const TTL_MS = 15_000;

async function life(): Promise<Life & { scene: Scene }> {
  const scene = await Scene.make();
  return Object.assign(await scene.begin(), { scene });
}

const node = async (one: Life, nodeId = "n1") => (await call(one, "GET", `/v1/nodes/${nodeId}`)).body;

test("the first heartbeat makes a node, and Plum's minimal one does so too", async () => {
  const one = await life();
  expect(await beat(one, "n1", { version: "1.0.0", capacity: { cpu: 4, memory: 1_024 } })).toMatchObject({
    status: 200,
    body: { ttlSec: 15, controllerId: "the-controller", revision: expect.any(Number), schemasWanted: [] },
  });
  expect(await plumBeat(one, "n2", { zone: "a" })).toMatchObject({ status: 200, body: { ttlSec: 15 } });
  expect((await call(one, "GET", "/v1/nodes")).body).toMatchObject([
    { nodeId: "n1", version: "1.0.0", capacity: { cpu: 4, memory: 1_024 }, health: "Healthy", link: "stream" },
    { nodeId: "n2", ip: "10.0.0.2", labels: { zone: "a" }, health: "Healthy", lastSeen: 1_893_456_000 },
  ]);
});

test("facts that are left out stay, labels are replaced, and what is not new is not written", async () => {
  const one = await life();
  await beat(one, "n1", { version: "1.0.0", runtimes: [{ name: "process", usable: true, packageTypes: {} }] });
  const { resourceVersion } = await node(one);
  one.scene.time += 5_000;
  await beat(one, "n1");
  expect(await node(one)).toMatchObject({ resourceVersion, version: "1.0.0", lastSeen: 1_893_456_005 });
  await beat(one, "n1", {}, { labels: { zone: "b" }, ip: "10.0.0.9" });
  expect(await node(one)).toMatchObject({ labels: { zone: "b" }, ip: "10.0.0.9", runtimes: [{ name: "process" }] });
});

test("a node is Unknown after its lease, Unhealthy after as long again, and Healthy with its next heartbeat", async () => {
  fakeTimers();
  const one = await life();
  await beat(one, "n1");
  one.scene.advance(TTL_MS + 2_000);
  await eventually(async () =>
    expect(await node(one)).toMatchObject({ health: "Unknown", reason: "no message for 15 s" }),
  );
  one.scene.advance(TTL_MS);
  await eventually(async () => expect(await node(one)).toMatchObject({ health: "Unhealthy" }));
  await beat(one, "n1");
  expect(await node(one)).toMatchObject({ health: "Healthy" });
  expect(await node(one)).not.toHaveProperty("reason");
  const types = one.parts.events.since().map(({ type }) => type);
  expect(types.filter((type) => type.startsWith("node."))).toEqual([
    "node.registered",
    "node.unknown",
    "node.unhealthy",
    "node.healthy",
  ]);
});

test("any message of a healthy node's agent renews its lease, and none but a heartbeat brings a lost one back", async () => {
  fakeTimers();
  const one = await life();
  await beat(one, "n1");
  const fetchList = () => call(one, "GET", "/v1/assignments?nodeId=n1&include=apply");
  for (let time = 0; time < 3 * TTL_MS; time += 5_000) {
    one.scene.advance(5_000);
    await fetchList();
    // By then a lease that is overdue would have ended.
    await one.parts.store.grantLease(TTL_MS);
  }
  expect(await node(one)).toMatchObject({ health: "Healthy", lastSeen: Math.floor(one.scene.time / 1_000) });
  one.scene.advance(TTL_MS + 2_000);
  await eventually(async () => expect(await node(one)).toMatchObject({ health: "Unknown" }));
  await fetchList();
  expect(await node(one)).toMatchObject({ health: "Unknown" });
});

test("after a restart a healthy node has its whole time again, and is found out when it has gone", async () => {
  const one = await life();
  await beat(one, "n1");
  const lease = (life: Life) => life.parts.objects.nodeLeases.get("n1")?.revision ?? 0;
  const earlier = lease(one);
  await one.scene.end();
  const next = await one.scene.begin();
  await eventually(() => expect(lease(next)).toBeGreaterThan(earlier));
  one.scene.advance(TTL_MS - 1_000);
  expect(await node(next)).toMatchObject({ health: "Healthy" });
  one.scene.advance(TTL_MS + 2_000);
  await eventually(async () => expect(await node(next)).toMatchObject({ health: "Unknown" }));
});

test("a second agent with the id of a live node is refused, and takes it over once that is lost", async () => {
  const one = await life();
  await putDeployment(one.parts, 1);
  await beat(one, "n1", { version: "1.0.0" });
  const id = await putAssignment(one.parts, "n1", [1, 1]);
  const other = () => beat(one, "n1", { owner: "owner-2" });
  expect(await other()).toMatchObject({
    status: 409,
    body: { code: "NODE_ID_TAKEN", detail: expect.stringMatching(/10\.0\.0\.1.*1\.0\.0/) },
  });
  expect(await plumBeat(one, "n1")).toMatchObject({ status: 409, body: { code: "NODE_ID_TAKEN" } });
  expect(one.parts.objects.assignments.get(id)?.value.removing).toBeUndefined();

  one.scene.advance(TTL_MS + 2_000);
  await eventually(async () => expect(await node(one)).toMatchObject({ health: "Unknown" }));
  expect(await other()).toMatchObject({ status: 200 });
  expect(one.parts.objects.assignments.get(id)?.value.removing).toMatchObject({ reason: "lost" });
  expect(await node(one)).toMatchObject({ health: "Healthy" });
  expect(await beat(one, "n1")).toMatchObject({ status: 409 });
  expect(one.parts.events.since().map(({ type }) => type)).toContain("node.taken_over");
});

test("a take-over that the store broke off is completed with the next heartbeat", async () => {
  let left = Number.POSITIVE_INFINITY;
  const wrap = (store: Store): Store => {
    const commit = store.commit.bind(store);
    store.commit = async (wanted) => {
      left -= 1;
      if (left < 0) throw storeUnavailable("a test says so");
      return commit(wanted);
    };
    return store;
  };
  const scene = await Scene.make({ wrap });
  const one = await scene.begin();
  await putDeployment(one.parts, 1);
  await beat(one, "n1");
  await Promise.all(Array.from({ length: 150 }, (_, number) => putAssignment(one.parts, "n1", [1, number + 1])));
  scene.advance(TTL_MS + 2_000);
  await eventually(async () => expect(await node(one)).toMatchObject({ health: "Unknown" }));
  const lost = () => [...one.parts.objects.assignments.all()].filter(({ value }) => value.removing).length;
  left = 1;
  expect(await beat(one, "n1", { owner: "owner-2" })).toMatchObject({ status: 503 });
  expect(lost()).toBe(100);
  left = Number.POSITIVE_INFINITY;
  expect(await beat(one, "n1", { owner: "owner-2" })).toMatchObject({ status: 200 });
  expect(lost()).toBe(150);
});

test("hundreds of nodes that are lost at once are found out together", async () => {
  const one = await life();
  await Promise.all(Array.from({ length: 200 }, (_, number) => beat(one, `n${number}`, { owner: `owner-${number}` })));
  const before = one.parts.objects.revision;
  one.scene.advance(TTL_MS + 2_000);
  await eventually(() => {
    const healths = [...one.parts.objects.nodes.all()].map(({ value }) => value.health);
    expect(healths.filter((health) => health === "Unknown")).toHaveLength(200);
  });
  // Each lease is a change of its own; the nodes are written sixty at a time, but for those whose leases end later.
  expect(one.parts.objects.revision - before).toBeLessThan(200 + 20);
});

test("schemas are asked for once, and only taken when they are what their hash says", async () => {
  const one = await life();
  const schema = { type: "object", properties: { command: { type: "string" } } };
  const hash = createHash("sha256").update(JSON.stringify(schema)).digest("hex");
  const runtimes = [{ name: "process", usable: true, packageTypes: { binary: hash } }];
  expect((await beat(one, "n1", { runtimes })).body).toMatchObject({ schemasWanted: [hash] });
  const forged = await beat(one, "n1", { schemas: { [hash]: { type: "string" } } });
  expect(forged).toMatchObject({
    status: 400,
    body: { code: "SCHEMA_REFUSED", errors: [{ path: `agent.schemas.${hash}` }] },
  });
  const large = await beat(one, "n1", { schemas: { [hash]: { description: "x".repeat(300_000) } } });
  expect(large).toMatchObject({ status: 400, body: { code: "SCHEMA_REFUSED" } });
  expect((await beat(one, "n1", { schemas: { [hash]: schema } })).body).toMatchObject({ schemasWanted: [] });
  expect(one.parts.objects.schemas.get(hash)?.value).toEqual(schema);
  expect((await beat(one, "n2", { owner: "owner-2", runtimes })).body).toMatchObject({ schemasWanted: [] });
});

test("schemas that no node names any more go with the next start", async () => {
  const one = await life();
  const hash = createHash("sha256").update("{}").digest("hex");
  const runtimes = [{ name: "process", usable: true, packageTypes: { binary: hash } }];
  await beat(one, "n1", { runtimes });
  await beat(one, "n1", { schemas: { [hash]: {} } });
  await beat(one, "n1", { runtimes: [] });
  await one.scene.end();
  const next = await one.scene.begin();
  expect(next.parts.objects.schemas.size).toBe(0);
});

test("a node that nothing is placed on is forgotten with what is going from it, and one in use is not", async () => {
  const one = await life();
  await putDeployment(one.parts, 1);
  await beat(one, "n1");
  const id = await putAssignment(one.parts, "n1", [1, 1]);
  const forget = () => call(one, "DELETE", "/v1/nodes/n1");
  expect(await forget()).toMatchObject({
    status: 409,
    body: { code: "NODE_IN_USE", detail: expect.stringContaining(id), errors: [{ path: id }] },
  });
  await putAssignment(one.parts, "n1", [1, 1], GOING);
  expect(await forget()).toMatchObject({ status: 204 });
  await eventually(() => expect(one.parts.objects.assignments.get(id)).toBeUndefined());
  expect(await call(one, "GET", "/v1/nodes/n1")).toMatchObject({ status: 404, body: { code: "NODE_NOT_FOUND" } });
  expect(await forget()).toMatchObject({ status: 404 });
  await beat(one, "n1");
  expect(await node(one)).toMatchObject({ health: "Healthy" });
});

test("cordon, drain and uncordon write what the operator wants, once, and with a record of it", async () => {
  const one = await life();
  await beat(one, "n1");
  const change = (what: string, body?: object) => call(one, "POST", `/v1/nodes/n1/${what}`, body);
  expect(await change("drain")).toMatchObject({ status: 200 });
  await change("uncordon");
  expect((await change("cordon")).body).toMatchObject({ cordoned: true, draining: false });
  const drained = (await change("drain", { maxParallel: 3 })).body;
  expect(drained).toMatchObject({ cordoned: true, draining: true });
  expect((await change("drain", { maxParallel: 3 })).body.resourceVersion).toBe(drained.resourceVersion);
  expect(one.parts.objects.nodes.get("n1")?.value.drain).toMatchObject({ maxParallel: 3 });
  expect((await change("uncordon")).body).toMatchObject({ cordoned: false, draining: false });
  const [newest] = await one.parts.audit.newest(10);
  expect(newest).toMatchObject({ path: "/v1/nodes/n1/uncordon", object: "nodes/n1", outcome: "done" });
  expect(await call(one, "POST", "/v1/nodes/none/cordon")).toMatchObject({ status: 404 });
});

test("instances are brought back to a node that can take them, and to no other", async () => {
  const one = await life();
  await beat(one, "n1");
  const failback = (nodeId: string) => call(one, "POST", `/v1/nodes/${nodeId}/failback`);
  expect(await failback("n1")).toMatchObject({ status: 200, body: { moved: 0 } });
  expect(await failback("none")).toMatchObject({ status: 404, body: { code: "NODE_NOT_FOUND" } });
  await call(one, "POST", "/v1/nodes/n1/cordon");
  expect(await failback("n1")).toMatchObject({ status: 409 });
  const outcomes = (await one.parts.audit.newest(10)).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(["refused", "done", "refused", "unchanged"]);
});

test("what a node's instances ask for is counted", async () => {
  const one = await life();
  const pkg = { type: "binary", command: ["/bin/true"], resources: { cpu_limit: "0.1", memory_limit: "512m" } };
  const entry = { name: "web", app: "web", appVersion: "v1", spec: { pkg }, replicas: 2 };
  await putDeployment(one.parts, 1, { entry });
  await beat(one, "n1");
  for (const number of [1, 2, 3]) await putAssignment(one.parts, "n1", [1, number]);
  await putAssignment(one.parts, "n1", [1, 4], GOING);
  expect(await node(one)).toMatchObject({ instances: 3, used: { cpu: 0.3, memory: 3 * 512 * 2 ** 20 } });
});

test("nodes, heartbeats and streams are counted for Prometheus", async () => {
  const one = await life();
  await beat(one, "n1");
  await beat(one, "n1");
  const { body } = await one.server.inject("/metrics");
  expect(body).toContain('damson_nodes{health="Healthy"} 1');
  expect(body).toContain("damson_node_heartbeats_total 2");
  expect(body).toContain("damson_node_streams 0");
});
