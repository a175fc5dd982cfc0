import { describe, expect, test } from "vitest";
import { Cluster } from "../deployments/fixtures/cluster.ts";
import { SPEC } from "./fixtures/bad-deployments.ts";

const ID = /^[0-9a-f]{32}$/;

/** A cluster of two nodes with a deployment "shop" of `replicas`. */
async function shop(replicas: unknown = 2, more: object = {}) {
  const cluster = await Cluster.start();
  await cluster.node("n1");
  await cluster.node("n2");
  const made = await cluster.post("/v1/deployments", { name: "shop", entries: [{ spec: SPEC, replicas }], ...more });
  expect(made.status, made.text).toBe(200);
  return { cluster, made: made.body };
}

const document = (version: string, more: object = {}) => ({ name: "shop", spec: { ...SPEC, version }, ...more });

describe("a deployment that is declared", () => {
  test("has its instances placed when it is answered", async () => {
    const { cluster, made } = await shop();
    expect(made).toEqual({
      deploymentId: expect.stringMatching(ID),
      taskId: made.deploymentId,
      instances: [`${made.deploymentId}-00000001`, `${made.deploymentId}-00000002`],
      version: 1,
      changed: true,
      warnings: [],
      resourceVersion: expect.any(Number),
    });
    const byName = await cluster.get("/v1/deployments/shop");
    const byId = await cluster.get(`/v1/deployments/${made.deploymentId}`);
    expect(byName.body).toEqual(byId.body);
    expect(byName.headers.get("etag")).toBe(`"${byName.body.deployment.resourceVersion}"`);
    expect(byName.body.deployment).toMatchObject({
      name: "shop",
      status: "Running",
      paused: false,
      version: 1,
      instances: 2,
      wanted: 2,
      healthy: 0,
      updated: 0,
      failing: 0,
      unplaced: 0,
      rollout: { from: 0, to: 1, state: "in_progress" },
      entries: [{ name: "web", app: "web", appVersion: "v1", replicas: 2, spec: SPEC }],
    });
    expect(byName.body.assignments.map(({ nodeId }: { nodeId: string }) => nodeId).sort()).toEqual(["n1", "n2"]);
  });

  test("has names for entries of the same app", async () => {
    const { cluster } = await shop(0, { entries: [{ spec: SPEC }, { name: "web-2", spec: SPEC }, { spec: SPEC }] });
    const { body } = await cluster.get("/v1/deployments/shop");
    expect(body.deployment.entries.map(({ name }: { name: string }) => name)).toEqual(["web", "web-2", "web-3"]);
  });

  test("counts what agents tell", async () => {
    const job = { spec: { ...SPEC, restart: "never" }, replicas: { n1: 2, n2: 1 } };
    const { cluster, made } = await shop(0, { entries: [job] });
    const [first, second, third] = made.instances;
    const nodes = new Map<string, string>();
    const { body } = await cluster.get("/v1/deployments/shop");
    for (const row of body.assignments) nodes.set(row.instanceId, row.nodeId);
    await cluster.report(nodes.get(first) ?? "", { instanceId: first, phase: "Running", specVersion: 1 });
    await cluster.report(nodes.get(second) ?? "", { instanceId: second, phase: "Failed", specVersion: 1 });
    await cluster.report(nodes.get(third) ?? "", { instanceId: third, phase: "Exited", exitCode: 0, specVersion: 1 });
    const [summary] = (await cluster.get("/v1/deployments")).body;
    expect(summary).toMatchObject({ name: "shop", instances: 3, wanted: 3, healthy: 2, updated: 3, failing: 1 });
  });

  test("hides its environment but for what is asked for", async () => {
    const environment = { TOKEN: "s3cret", LEVEL: "debug" };
    const { cluster } = await shop(0, {
      entries: [{ spec: { ...SPEC, pkg: { ...SPEC.pkg, environment } } }],
    });
    const paths = ["/v1/deployments/shop", "/v1/deployments/shop/versions"];
    for (const path of [...paths, "/v1/deployments", "/v1/tasks", "/v1/tasks/shop", "/v1/deployments/shop/explain"]) {
      expect((await cluster.get(path)).text).not.toMatch(/s3cret|debug/);
    }
    for (const path of paths) {
      const { text } = await cluster.get(`${path}?reveal=LEVEL,OTHER`);
      expect(text).toContain('"LEVEL":"debug"');
      expect(text).not.toContain("s3cret");
    }
  });

  test("explains where its instances are, and why there are no more", async () => {
    const { cluster } = await shop(3, {
      entries: [{ spec: SPEC, replicas: 3, placement: { anti_affinity: { max_per_node: 1 } } }],
    });
    const { body } = await cluster.get("/v1/deployments/shop/explain");
    expect(body).toMatchObject({ name: "shop", entries: [{ entry: "web", wanted: 3, placed: 2, unplaced: 1 }] });
    const [entry] = body.entries;
    expect(entry.instances).toHaveLength(2);
    expect(entry.instances[0]).toMatchObject({ cause: "placed", text: expect.any(String), score: expect.any(Number) });
    expect(entry.rejected).toContainEqual(expect.objectContaining({ nodeId: "n1", reason: expect.any(String) }));
    const [summary] = (await cluster.get("/v1/deployments")).body;
    expect(summary).toMatchObject({ instances: 2, wanted: 3, unplaced: 1 });
  });
});

describe("PUT and rollout", () => {
  test("make a new version of what runs differently, and nothing of the same again", async () => {
    const { cluster, made } = await shop();
    const again = await cluster.call("PUT", "/v1/deployments/shop", document("v1"));
    expect(again.body).toMatchObject({ version: 1, changed: false, resourceVersion: made.resourceVersion });
    const reordered = { spec: { pkg: SPEC.pkg, version: "v1", app: "web" }, name: "shop", replicas: 2 };
    expect((await cluster.call("PUT", "/v1/deployments/shop", reordered)).body.changed).toBe(false);

    const next = await cluster.call("PUT", "/v1/deployments/shop", document("v2", { labels: { team: "a" } }));
    expect(next.body).toMatchObject({ deploymentId: made.deploymentId, version: 2, changed: true });
    const { body } = await cluster.get("/v1/deployments/shop");
    // Version 1 was never healthy, so there is nothing to go back to.
    expect(body.deployment).toMatchObject({ labels: { team: "a" }, rollout: { from: 0, to: 2, state: "in_progress" } });
    expect(body.deployment.entries[0].replicas).toBe(2);
  });

  test("come from the last version that was proven", async () => {
    const { cluster } = await shop({ n1: 1 });
    const [row] = (await cluster.get("/v1/deployments/shop")).body.assignments;
    await cluster.report("n1", { instanceId: row.instanceId, phase: "Running", specVersion: 1 });
    const rollout = async () => (await cluster.get("/v1/deployments/shop")).body.deployment.rollout;
    await expect.poll(rollout).toMatchObject({ state: "done" });
    await cluster.call("PUT", "/v1/deployments/shop", document("v2"));
    await cluster.post("/v1/deployments/shop/rollout", { spec: { ...SPEC, version: "v3" } });
    expect(await rollout()).toMatchObject({ from: 1, to: 3, state: "in_progress" });
  });

  test("change replicas and labels without a new version, only where they are given", async () => {
    const { cluster, made } = await shop();
    const more = await cluster.call("PUT", "/v1/deployments/shop", document("v1", { replicas: 3 }));
    expect(more.body).toMatchObject({ version: 1, changed: true });
    expect(more.body.instances).toHaveLength(3);
    expect(more.body.instances).toEqual(expect.arrayContaining(made.instances));
    await cluster.call("PUT", "/v1/deployments/shop", document("v1", { labels: { a: "1" } }));
    const { body } = await cluster.get("/v1/deployments/shop");
    expect(body.deployment).toMatchObject({ version: 1, wanted: 3, labels: { a: "1" } });
  });

  test("start what was stopped", async () => {
    const { cluster } = await shop();
    await cluster.post("/v1/deployments/shop/stop");
    const applied = await cluster.call("PUT", "/v1/deployments/shop", document("v1"));
    expect(applied.body).toMatchObject({ version: 1, changed: true });
    expect((await cluster.get("/v1/deployments/shop")).body.deployment.status).toBe("Running");
  });

  test("keep ten versions", async () => {
    const { cluster } = await shop(0);
    for (let number = 2; number <= 14; number += 1) {
      await cluster.call("PUT", "/v1/deployments/shop", document(`v${number}`));
    }
    const { body } = await cluster.get("/v1/deployments/shop/versions");
    const numbers = body.versions.map(({ version }: { version: number }) => version);
    expect(numbers.slice(0, 10)).toEqual([14, 13, 12, 11, 10, 9, 8, 7, 6, 5]);
    expect(body.versions.filter(({ current }: { current: boolean }) => current)).toMatchObject([{ version: 14 }]);
  });

  test("keep fewer versions when they are large, and refuse one that is too large", async () => {
    const { cluster } = await shop(0);
    const sized = (version: string, bytes: number) =>
      document(version, { spec: { ...SPEC, version, pkg: { ...SPEC.pkg, text: "x".repeat(bytes) } } });
    for (const version of ["v2", "v3", "v4", "v5"]) {
      const put = await cluster.call("PUT", "/v1/deployments/shop", sized(version, 300_000));
      expect(put.status, put.text).toBe(200);
    }
    const { body } = await cluster.get("/v1/deployments/shop/versions");
    expect(body.versions.length).toBeLessThan(4);
    const refused = await cluster.call("PUT", "/v1/deployments/shop", sized("v6", 950_000));
    expect(refused).toMatchObject({ status: 413, body: { code: "DEPLOYMENT_TOO_BIG" } });
  });
});

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
