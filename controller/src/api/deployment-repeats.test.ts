import { expect, test } from "vitest";
import { Cluster } from "../deployments/fixtures/cluster.ts";
import { SPEC } from "./fixtures/bad-deployments.ts";

const SHOP = { name: "shop", spec: SPEC, replicas: 0 };
const KEY = { "idempotency-key": "one" };

test("the same key twice makes one deployment, and gives the same answer", async () => {
  const cluster = await Cluster.start();
  const first = await cluster.post("/v1/deployments", SHOP, KEY);
  const second = await cluster.post("/v1/deployments", SHOP, KEY);
  expect(second.status).toBe(200);
  expect(second.body.deploymentId).toBe(first.body.deploymentId);
  const { body: audit } = await cluster.get("/v1/audit");
  expect(audit.records).toMatchObject([
    { outcome: "repeated", operationId: "one", object: `deployments/${first.body.deploymentId}` },
    { outcome: "done", method: "POST", path: "/v1/deployments", object: `deployments/${first.body.deploymentId}` },
  ]);
});

test("what changes nothing is audited as that, also with a key", async () => {
  const cluster = await Cluster.start();
  await cluster.post("/v1/deployments", SHOP);
  await cluster.call("PUT", "/v1/deployments/shop", SHOP, KEY);
  await cluster.call("DELETE", "/v1/deployments/other", undefined, { "idempotency-key": "two" });
  const { body: audit } = await cluster.get("/v1/audit");
  expect(audit.records.map(({ outcome }: { outcome: string }) => outcome)).toEqual(["unchanged", "unchanged", "done"]);
});

test("the same key for something else is refused", async () => {
  const cluster = await Cluster.start();
  await cluster.post("/v1/deployments", SHOP, KEY);
  const other = await cluster.post("/v1/deployments", { ...SHOP, name: "other" }, KEY);
  expect(other).toMatchObject({ status: 422, body: { code: "IDEMPOTENCY_KEY_REUSED" } });
  expect((await cluster.call("DELETE", "/v1/deployments/shop", undefined, KEY)).status).toBe(422);
  expect((await cluster.get("/v1/deployments")).body).toHaveLength(1);
});

test("of the same request at the same time one is made, with a key and without", async () => {
  const cluster = await Cluster.start();
  const keyed = await Promise.all(Array.from({ length: 20 }, () => cluster.post("/v1/deployments", SHOP, KEY)));
  expect(new Set(keyed.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(keyed.map(({ body }) => body.deploymentId)).size).toBe(1);

  const other = { ...SHOP, name: "other" };
  const bare = await Promise.all(Array.from({ length: 20 }, () => cluster.post("/v1/tasks", other)));
  expect(bare.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(bare.filter(({ body }) => body.code === "DEPLOYMENT_EXISTS")).toHaveLength(19);
  expect((await cluster.get("/v1/deployments")).body).toHaveLength(2);
});

test("every change asks for the version that it names", async () => {
  const cluster = await Cluster.start();
  const { body: made } = await cluster.post("/v1/deployments", SHOP);
  const row = { ...SHOP, name: "row", replicas: { n1: 1 } };
  const { body: other } = await cluster.post("/v1/deployments", row);
  const [instance] = other.instances;
  const changes: readonly (readonly [method: string, path: string, body?: unknown])[] = [
    ["PUT", "/v1/deployments/shop", { ...SHOP, labels: { a: "1" } }],
    ["PATCH", "/v1/deployments/shop", { labels: { a: "2" } }],
    ["PATCH", "/v1/tasks/shop", { labels: { a: "2" } }],
    ["DELETE", "/v1/deployments/shop"],
    ["DELETE", `/v1/tasks/${made.deploymentId}`],
    ["POST", "/v1/deployments/shop?action=stop"],
    ...["start", "stop", "pause", "resume", "rollout", "rollback"].map(
      (action) => ["POST", `/v1/deployments/shop/${action}`] as const,
    ),
    ["POST", "/v1/deployments/shop/scale", { replicas: 3 }],
    ["PATCH", `/v1/assignments/${instance}`, { desired: "Stopped" }],
    ["DELETE", `/v1/assignments/${instance}`],
  ];
  for (const [method, path, body] of changes) {
    const mark = path.includes("?") ? "&" : "?";
    const stale = await cluster.call(method, `${path}${mark}resource_version=1`, body);
    expect(stale, `${method} ${path}: ${stale.text}`).toMatchObject({
      status: 412,
      body: { code: "RESOURCE_VERSION_MISMATCH" },
    });
    const tagged = await cluster.call(method, path, body, { "if-match": '"1"' });
    expect(tagged.status, `${method} ${path}`).toBe(412);
  }
  const { headers } = await cluster.get("/v1/deployments/shop");
  const right = await cluster.call("DELETE", "/v1/deployments/shop", undefined, {
    "if-match": headers.get("etag") ?? "",
  });
  expect(right.status, right.text).toBe(204);
});
