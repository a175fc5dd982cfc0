import { describe, expect, test } from "vitest";
import { document, shop } from "./fixtures/shop.ts";

describe("changes of a deployment", () => {
  test("scale it, with a number or by node", async () => {
    const { cluster } = await shop();
    const scaled = async (body: object) => (await cluster.post("/v1/deployments/shop/scale", body)).body;
    expect((await scaled({ replicas: 5 })).instances).toHaveLength(5);
    expect(await scaled({ replicas: 5 })).toMatchObject({ changed: false });
    expect((await scaled({ entries: { web: 1 } })).instances).toHaveLength(1);
    expect((await scaled({ replicas: { n1: 2, n2: 1 } })).instances).toHaveLength(3);
    const { body } = await cluster.get("/v1/deployments/shop");
    expect(body.deployment.entries[0].replicas).toEqual({ n1: 2, n2: 1 });
    expect((await scaled({ replicas: 0 })).instances).toEqual([]);
  });

  test("stop, start, pause and resume it", async () => {
    const { cluster } = await shop();
    const look = async () => (await cluster.get("/v1/deployments/shop")).body;
    for (const [action, fields] of [
      ["stop", { status: "Stopped" }],
      ["start", { status: "Running" }],
      ["pause", { paused: true }],
      ["resume", { paused: false }],
    ] as const) {
      expect((await cluster.post(`/v1/deployments/shop/${action}`)).body).toMatchObject({ changed: true, version: 1 });
      expect((await cluster.post(`/v1/deployments/shop/${action}`)).body).toMatchObject({ changed: false });
      expect((await look()).deployment).toMatchObject(fields);
    }
    const stopped = await cluster.post("/v1/deployments/shop?action=stop");
    const { deploymentId } = (await look()).deployment;
    expect(stopped.body).toEqual({ deploymentId, status: "Stopped", message: expect.any(String) });
    expect((await look()).assignments.map(({ desired }: { desired: string }) => desired)).toEqual([
      "Stopped",
      "Stopped",
    ]);
    expect((await cluster.post("/v1/deployments/shop?action=start")).body.status).toBe("Running");
  });

  test("change its labels, and not its id", async () => {
    const { cluster, made } = await shop();
    const patched = await cluster.call("PATCH", "/v1/deployments/shop", { name: "shop", labels: { team: "b" } });
    expect(patched.body).toMatchObject({ deploymentId: made.deploymentId, taskId: made.deploymentId, changed: true });
    const same = await cluster.call("PATCH", "/v1/deployments/shop", { labels: { team: "b" } });
    expect(same.body.changed).toBe(false);
  });

  test("roll it back, and forward again", async () => {
    const { cluster } = await shop(0);
    await cluster.call("PUT", "/v1/deployments/shop", document("v2"));
    const back = await cluster.post("/v1/deployments/shop/rollback");
    expect(back.body).toMatchObject({ version: 1, changed: true });
    expect((await cluster.get("/v1/deployments/shop")).body.deployment).toMatchObject({
      version: 1,
      entries: [{ appVersion: "v1" }],
    });
    expect((await cluster.post("/v1/deployments/shop/rollback", { version: 1 })).body.changed).toBe(false);
    expect((await cluster.post("/v1/deployments/shop/rollback", { version: 2 })).body.version).toBe(2);
  });

  test("delete it: its instances go first, and its name is free at once", async () => {
    const { cluster, made } = await shop();
    const { deploymentId } = made;
    expect((await cluster.call("DELETE", "/v1/deployments/shop")).status).toBe(204);
    expect((await cluster.call("DELETE", "/v1/deployments/shop")).status).toBe(204);
    expect((await cluster.get("/v1/deployments/shop")).status).toBe(404);
    expect((await cluster.get("/v1/deployments")).body).toEqual([]);
    const going = (await cluster.get(`/v1/deployments/${deploymentId}`)).body;
    expect(going.deployment).toMatchObject({ deleting: true, instances: 0, wanted: 0 });
    expect(going.assignments.map(({ removing }: { removing: string }) => removing)).toEqual(["deleted", "deleted"]);
    expect((await cluster.post(`/v1/deployments/${deploymentId}/scale`, { replicas: 1 })).status).toBe(404);

    const another = await cluster.post("/v1/deployments", document("v1"));
    expect(another.status).toBe(200);
    expect(another.body.deploymentId).not.toBe(deploymentId);
  });

  test("delete with force what cannot be reached", async () => {
    const { cluster, made } = await shop({ n8: 2, n9: 1 });
    const path = `/v1/deployments/${made.deploymentId}`;
    expect((await cluster.call("DELETE", `${path}?force=true`)).status).toBe(204);
    expect((await cluster.get(path)).status).toBe(404);
    expect((await cluster.get("/v1/assignments?nodeId=n8")).body.items).toEqual([]);
  });
});
