import { describe, expect, test } from "vitest";
import { SPEC } from "./fixtures/bad-deployments.ts";
import { document, shop } from "./fixtures/shop.ts";

const ID = /^[0-9a-f]{32}$/;

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

  test("know how many instances an entry had that is gone, when a rollback brings it again", async () => {
    const both = [
      { name: "a", spec: SPEC, replicas: 1 },
      { name: "b", spec: SPEC, replicas: 2 },
    ];
    const { cluster } = await shop(0, { entries: both });
    await cluster.post("/v1/deployments/shop/scale", { entries: { b: 3 } });
    const one = await cluster.call("PUT", "/v1/deployments/shop", {
      name: "shop",
      entries: [{ name: "a", spec: SPEC }],
    });
    expect(one.body).toMatchObject({ version: 2, changed: true });
    expect((await cluster.get("/v1/deployments/shop")).body.deployment.wanted).toBe(1);
    await cluster.post("/v1/deployments/shop/rollback");
    const { body } = await cluster.get("/v1/deployments/shop");
    expect(body.deployment).toMatchObject({
      version: 1,
      wanted: 4,
      entries: [{ name: "a" }, { name: "b", replicas: 3 }],
    });
  });

  test("at the same time make a version each, none of them twice", async () => {
    const { cluster } = await shop(0);
    const numbers = Array.from({ length: 8 }, (_, index) => index);
    const answers = await Promise.all(
      numbers.map((number) => cluster.call("PUT", "/v1/deployments/shop", document(`w${number}`))),
    );
    const versions = answers.map(({ body }) => body.version);
    expect(versions.sort()).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    const { body } = await cluster.get("/v1/deployments/shop/versions");
    const apps = body.versions.map(({ entries: [entry] }: { entries: { appVersion: string }[] }) => entry?.appVersion);
    expect(new Set(apps).size).toBe(9);
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
