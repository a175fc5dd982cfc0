import { expect, test } from "vitest";
import { Cluster } from "../deployments/fixtures/cluster.ts";
import { SPEC } from "./fixtures/bad-deployments.ts";

const SHOP = { name: "shop", spec: SPEC, replicas: { n1: 2 } };

/** A cluster of one node. */
async function oneNode() {
  const cluster = await Cluster.start();
  await cluster.node("n1");
  const rows = async () => (await cluster.get("/v1/assignments?nodeId=n1")).body.items as { instanceId: string }[];
  const ids = async (count: number) => {
    await expect.poll(async () => (await rows()).length).toBe(count);
    return (await rows()).map(({ instanceId }) => instanceId);
  };
  return { cluster, ids };
}

test("a wait ends when every instance is healthy", async () => {
  const { cluster, ids } = await oneNode();
  let ended = false;
  const waiting = cluster.post("/v1/deployments?wait=healthy&timeout=20s", SHOP).finally(() => {
    ended = true;
  });
  const [first = "", second = ""] = await ids(2);
  await cluster.report("n1", { instanceId: first, phase: "Running", specVersion: 1 });
  await cluster.report("n1", { instanceId: second, phase: "Running", healthy: false, specVersion: 1 });
  expect(ended).toBe(false);
  await cluster.report("n1", { instanceId: second, phase: "Running", specVersion: 1 });
  const answer = await waiting;
  expect(answer).toMatchObject({ status: 200, body: { instances: [first, second], version: 1 } });
  expect((await cluster.get("/v1/deployments/shop")).body.deployment).toMatchObject({
    healthy: 2,
    rollout: { state: "done" },
  });
});

test("a wait for running does not ask for health", async () => {
  const { cluster, ids } = await oneNode();
  const waiting = cluster.post("/v1/deployments?wait=running&timeout=20s", SHOP);
  for (const instanceId of await ids(2)) {
    await cluster.report("n1", { instanceId, phase: "Running", healthy: false, specVersion: 1 });
  }
  expect((await waiting).status).toBe(200);
});

test("a wait that takes too long says what is missing", async () => {
  const { cluster } = await oneNode();
  const late = await cluster.post("/v1/deployments?wait=running&timeout=100ms", SHOP);
  expect(late).toMatchObject({ status: 504, body: { code: "WAIT_TIMEOUT" } });
  expect(late.body.detail).toMatch(
    /^Deployment "shop" is declared, but not running after 0.1 s: 0 of 2 instances are running; .* on n1 has not reported yet$/,
  );
  const scaled = await cluster.post("/v1/deployments/shop/scale?wait=running&timeout=100ms", {
    replicas: { n1: 0, n9: 1 },
  });
  expect(scaled.body.detail).toContain("waits for its node to register");
});

test("a wait for a rollout that is paused says so", async () => {
  const { cluster, ids } = await oneNode();
  await cluster.post("/v1/deployments", SHOP);
  for (const instanceId of await ids(2)) {
    await cluster.report("n1", { instanceId, phase: "Running", specVersion: 1 });
  }
  const look = async () => (await cluster.get("/v1/deployments/shop")).body.deployment.rollout.state;
  await expect.poll(look).toBe("done");
  await cluster.post("/v1/deployments/shop/pause");
  const next = { ...SHOP, spec: { ...SPEC, version: "v2" } };
  const held = await cluster.call("PUT", "/v1/deployments/shop?wait=running&timeout=100ms", next);
  expect(held.body.detail).toMatch(/is still to run version 1 \(its rollout is paused\)$/);
});

test("a wait fails with the reason when the rollout does", async () => {
  const { cluster, ids } = await oneNode();
  const waiting = cluster.post("/v1/deployments?wait=healthy&timeout=20s", SHOP);
  const [instanceId = ""] = await ids(2);
  await cluster.report("n1", {
    instanceId,
    phase: "Failed",
    detail: "failed",
    reason: "no such image",
    specVersion: 1,
  });
  const failed = await waiting;
  expect(failed).toMatchObject({ status: 409, body: { code: "DEPLOYMENT_FAILED" } });
  expect(failed.body.detail).toContain("no such image");

  const again = await cluster.post("/v1/deployments/shop/rollout");
  expect(again.body).toMatchObject({ version: 2, changed: true });
  expect((await cluster.get("/v1/deployments/shop")).body.deployment.rollout).toMatchObject({ from: 0, to: 2 });
});

test("a rollout that is taken back is told with its reason, and can be tried again", async () => {
  const { cluster, ids } = await oneNode();
  await cluster.post("/v1/deployments", SHOP);
  const [first = "", second = ""] = await ids(2);
  const all = (specVersion: number) =>
    [first, second].map((instanceId) => ({ instanceId, phase: "Running", specVersion }));
  await cluster.report("n1", ...all(1));
  const look = async () => (await cluster.get("/v1/deployments/shop")).body.deployment;
  await expect.poll(look).toMatchObject({ rollout: { state: "done" } });

  const next = { ...SHOP, spec: { ...SPEC, version: "v2" } };
  const waiting = cluster.call("PUT", "/v1/deployments/shop?wait=healthy&timeout=20s", next);
  await expect.poll(look).toMatchObject({ version: 2 });
  const moved = async () => (await cluster.get("/v1/deployments/shop")).body.assignments;
  const isSecond = ({ specVersion }: { specVersion: number }) => specVersion === 2;
  await expect.poll(async () => (await moved()).filter(isSecond)).toHaveLength(1);
  const { instanceId } = (await moved()).find(isSecond);
  const crash = { phase: "Failed", detail: "failed", reason: "exit code 3" };
  await cluster.report("n1", { instanceId, ...crash, specVersion: 2 });
  const failed = await waiting;
  expect(failed).toMatchObject({ status: 409, body: { code: "DEPLOYMENT_FAILED" } });
  expect(failed.body.detail).toContain("exit code 3");
  await cluster.report("n1", ...all(1));
  await expect.poll(look).toMatchObject({ version: 1, rollout: { from: 1, to: 2, state: "rolled_back" } });
  const { body: kept } = await cluster.get("/v1/deployments/shop/versions");
  expect(kept.versions).toMatchObject([
    { version: 2, failed: true, current: false },
    { version: 1, failed: false, current: true },
  ]);

  const again = await cluster.post("/v1/deployments/shop/rollout");
  expect(again.body).toMatchObject({ version: 3, changed: true });
  expect(await look()).toMatchObject({ rollout: { from: 1, to: 3 }, entries: [{ appVersion: "v2" }] });
});

test("a wait ends when the deployment is deleted, stopped, or gets another version", async () => {
  const { cluster, ids } = await oneNode();
  const declared = cluster.post("/v1/deployments?wait=running", SHOP);
  await ids(2);
  const changed = { ...SHOP, spec: { ...SPEC, version: "v2" } };
  const waitingForSecond = cluster.call("PUT", "/v1/deployments/shop?wait=running", changed);
  expect((await declared).body.detail).toContain("is to run version 2 now, and not 1");
  await cluster.post("/v1/deployments/shop/stop");
  expect((await waitingForSecond).body.detail).toContain("is stopped");
  const started = cluster.post("/v1/deployments/shop/start?wait=running");
  const status = async () => (await cluster.get("/v1/deployments/shop")).body.deployment?.status;
  await expect.poll(status).toBe("Running");
  await cluster.call("DELETE", "/v1/deployments/shop");
  expect((await started).body).toMatchObject({ code: "DEPLOYMENT_FAILED", detail: expect.stringContaining("deleted") });
});
