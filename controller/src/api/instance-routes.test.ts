import { expect, test } from "vitest";
import { Cluster } from "../deployments/fixtures/cluster.ts";
import { SPEC } from "./fixtures/bad-deployments.ts";

async function shop(replicas: unknown) {
  const cluster = await Cluster.start();
  await cluster.node("n1");
  await cluster.node("n2");
  const { body } = await cluster.post("/v1/deployments", { name: "shop", spec: SPEC, replicas });
  const rows = async () => (await cluster.get("/v1/deployments/shop")).body.assignments;
  const replicasNow = async () => (await cluster.get("/v1/deployments/shop")).body.deployment.entries[0].replicas;
  return { cluster, ids: body.instances as string[], rows, replicasNow };
}

test("one instance is stopped and started, and keeps its place", async () => {
  const { cluster, ids, rows } = await shop(2);
  const [first] = ids;
  const desired = async () => (await rows()).map((row: { desired: string }) => row.desired);
  expect((await cluster.call("PATCH", `/v1/assignments/${first}`, { desired: "Stopped" })).status).toBe(204);
  expect(await desired()).toEqual(["Stopped", "Running"]);
  const one = await cluster.get(`/v1/assignments/${first}`);
  expect(one.body).toEqual((await rows())[0]);
  expect(one.headers.get("etag")).toBe(`"${one.body.resourceVersion}"`);
  expect(await cluster.get("/v1/assignments/x")).toMatchObject({ status: 404, body: { code: "INSTANCE_NOT_FOUND" } });
  await cluster.call("PATCH", `/v1/assignments/${first}`, { desired: "Running" });
  expect(await desired()).toEqual(["Running", "Running"]);
});

test("one that is removed is not replaced: its entry has one less", async () => {
  const { cluster, ids, rows, replicasNow } = await shop(3);
  expect((await cluster.call("DELETE", `/v1/assignments/${ids[1]}`)).status).toBe(204);
  expect((await cluster.call("DELETE", `/v1/assignments/${ids[1]}`)).status).toBe(204);
  expect(await replicasNow()).toBe(2);
  // The loop, if it thought that one were missing, would make it now.
  expect((await cluster.post("/v1/deployments/shop/scale", { replicas: 2 })).body).toMatchObject({
    changed: false,
    instances: [ids[0], ids[2]],
  });
  const going = (await rows()).find(({ instanceId }: { instanceId: string }) => instanceId === ids[1]);
  expect(going).toMatchObject({ removing: "scaled_down" });
  const patched = await cluster.call("PATCH", `/v1/assignments/${ids[1]}`, { desired: "Running" });
  expect(patched).toMatchObject({ status: 409, body: { code: "INSTANCE_GOING" } });
});

test("one of a named node is taken off that node's number", async () => {
  const { cluster, rows, replicasNow } = await shop({ n1: 2, n2: 1 });
  const onN2 = (await rows()).find(({ nodeId }: { nodeId: string }) => nodeId === "n2");
  await cluster.call("DELETE", `/v1/assignments/${onN2.instanceId}`);
  expect(await replicasNow()).toEqual({ n1: 2, n2: 0 });
});

test("one is forgotten at once with force, though its node has not stopped it", async () => {
  const { cluster, ids, rows, replicasNow } = await shop({ n1: 2 });
  await cluster.call("DELETE", `/v1/assignments/${ids[0]}`);
  expect((await cluster.call("DELETE", `/v1/assignments/${ids[0]}?force=true`)).status).toBe(204);
  expect((await cluster.call("DELETE", `/v1/assignments/${ids[1]}?force=true`)).status).toBe(204);
  expect(await rows()).toEqual([]);
  expect(await replicasNow()).toEqual({ n1: 0 });
  expect((await cluster.call("DELETE", `/v1/assignments/${ids[0]}`)).status).toBe(404);
});
