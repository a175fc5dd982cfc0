import { zipOf } from "@damson/artifact/testing";
import { expect, test } from "vitest";
import { Cluster } from "../deployments/fixtures/cluster.ts";

const SHA = "ab".repeat(32);
const ARTIFACT = "https://example.org/demo-1.0.zip";
const ENTRY = { artifactUrl: ARTIFACT, sha256: SHA, startCmd: "", replicas: { nodeA: 1, nodeB: 2 } };

async function plumCluster() {
  const cluster = await Cluster.start();
  for (const nodeId of ["nodeA", "nodeB"]) {
    await cluster.post("/v1/nodes/heartbeat", { nodeId, ip: "10.0.0.1", labels: {} });
  }
  return cluster;
}

test("Plum's clients get its shapes and status codes, generation A", async () => {
  const cluster = await plumCluster();
  const created = await cluster.post("/v1/tasks", { name: "demo", labels: { team: "a" }, entries: [ENTRY] });
  expect(created.status).toBe(200);
  expect(created.body).toMatchObject({ taskId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  const { taskId, instances } = created.body;
  expect(instances).toHaveLength(3);
  for (const instance of instances) expect(instance).toMatch(new RegExp(`^${taskId}-[0-9a-f]{8}$`));

  const list = await cluster.get("/v1/tasks");
  expect(list.body).toMatchObject([{ taskId, name: "demo", labels: { team: "a" }, instances: 3 }]);

  const row = { TaskID: taskId, Desired: "Running", ArtifactURL: ARTIFACT, StartCmd: "" };
  const one = await cluster.get(`/v1/tasks/${taskId}`);
  expect(one.body).toEqual({
    task: { TaskID: taskId, Name: "demo", Labels: { team: "a" } },
    assignments: instances.map((InstanceID: string) => ({
      InstanceID,
      ...row,
      NodeID: expect.stringMatching(/^node[AB]$/),
    })),
  });
  const nodes = one.body.assignments.map(({ NodeID }: { NodeID: string }) => NodeID).sort();
  expect(nodes).toEqual(["nodeA", "nodeB", "nodeB"]);

  const [first] = (await cluster.get("/v1/assignments?nodeId=nodeA")).body.items;
  expect(first).toMatchObject({
    taskId,
    desired: "Running",
    artifactUrl: ARTIFACT,
    startCmd: "",
    phase: "",
    lastReportAt: 0,
  });

  const path = `/v1/assignments/${first.instanceId}`;
  const codes: readonly (readonly [status: number, method: string, path: string, body?: unknown])[] = [
    [404, "GET", "/v1/tasks/unknown"],
    [200, "PATCH", `/v1/tasks/${taskId}`, { labels: { team: "b" } }],
    [200, "PATCH", `/v1/tasks/${taskId}`, { name: "demo", labels: { team: "b" } }],
    [400, "PATCH", `/v1/tasks/${taskId}`, { name: "other", labels: {} }],
    [404, "PATCH", "/v1/tasks/unknown", { labels: {} }],
    [400, "POST", "/v1/tasks", { entries: [ENTRY] }],
    [400, "POST", "/v1/tasks", { name: "empty" }],
    [409, "POST", "/v1/tasks", { name: "demo", entries: [ENTRY] }],
    [204, "PATCH", path, { desired: "Stopped" }],
    [204, "PATCH", path, { desired: "Running" }],
    [400, "PATCH", path, { desired: "Deployed" }],
    [204, "DELETE", path],
    [405, "PUT", `/v1/tasks/${taskId}`, {}],
    [204, "DELETE", `/v1/tasks/${taskId}`],
    [204, "DELETE", `/v1/tasks/${taskId}`],
    [204, "DELETE", "/v1/tasks/unknown"],
    [404, "GET", "/v1/tasks/demo"],
  ];
  for (const [status, method, path, body] of codes) {
    const answer = await cluster.call(method, path, body);
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBe(status);
    if (status === 204) expect(answer.text).toBe("");
    if (method === "PATCH" && status === 200) expect(answer.body).toMatchObject({ taskId, deploymentId: taskId });
  }
});

test("an archive that was uploaded comes up on the nodes that are named", async () => {
  const cluster = await plumCluster();
  const form = new FormData();
  const zip = zipOf([
    { name: "demo/start.sh", content: "#!/bin/sh\nexec sleep 1000\n" },
    { name: "demo/meta.ini", content: "name=Demo\nversion=1.0\nservice=demo:http:8099\nservice=My_Demo:ws:1\n" },
  ]);
  form.set("file", new Blob([new Uint8Array(zip)]), "demo.zip");
  const uploaded = await (await fetch(`${cluster.url}/v1/apps/upload`, { method: "POST", body: form })).json();
  const { artifactId, url, sha256 } = Object(uploaded);
  const entry = { artifactUrl: url, startCmd: "", replicas: { nodeA: 1, nodeB: 2 } };
  const created = await cluster.post("/v1/tasks", { name: "demo", entries: [entry] });
  expect(created.body.instances).toHaveLength(3);
  expect(created.body.warnings).toEqual([expect.stringContaining("of its meta.ini: My_Demo:ws.")]);
  const list = await cluster.get("/v1/assignments?nodeId=nodeB&include=apply");
  expect(list.body.items).toHaveLength(2);
  expect(list.body.items[0]).toMatchObject({
    entry: "demo",
    appName: "Demo",
    appVersion: "1.0",
    artifactUrl: url,
    apply: {
      version: "1.0",
      pkg: { type: "artifact", sha256 },
      services: [{ name: "demo", protocol: "http", port: 8099 }],
    },
  });
  const used = await cluster.call("DELETE", `/v1/apps/${artifactId}`);
  expect(used).toMatchObject({ status: 409, body: { code: "ARTIFACT_IN_USE" } });

  const odd = { ...entry, sha256: "cd".repeat(32) };
  const refused = await cluster.post("/v1/tasks", { name: "odd", entries: [odd] });
  expect(refused.body.errors).toMatchObject([{ path: "entries[0].sha256" }]);
  const near = await cluster.post("/v1/tasks", { name: "odd", artifactUrl: `${url.slice(0, -5)}0.zip` });
  expect(near.body.errors).toMatchObject([{ path: "artifactUrl", allowed: [url], hint: `Did you mean "${url}"?` }]);
});

test("the older form, of one entry beside the name, is taken as well", async () => {
  const cluster = await plumCluster();
  const { artifactUrl, sha256, startCmd, replicas } = ENTRY;
  const created = await cluster.post("/v1/tasks", { name: "demo", artifactUrl, sha256, startCmd, replicas });
  expect(created.body.instances).toHaveLength(3);
  const { body } = await cluster.get("/v1/deployments/demo");
  expect(body.deployment.entries).toMatchObject([
    { name: "demo-1-0", app: "demo-1.0", appVersion: SHA.slice(0, 12), artifactUrl, startCmd: "", replicas },
  ]);
});

test("several entries and nodes that nobody knows yet are taken as they come", async () => {
  const cluster = await plumCluster();
  const other = { ...ENTRY, startCmd: "./serve --port 1", replicas: { nodeC: 1 } };
  const created = await cluster.post("/v1/tasks", { name: "demo", entries: [ENTRY, other] });
  expect(created.body.instances).toHaveLength(4);
  expect(created.body.warnings).toEqual([expect.stringContaining("nodeC")]);
  const { items } = (await cluster.get("/v1/assignments?nodeId=nodeC")).body;
  expect(items).toMatchObject([{ startCmd: "./serve --port 1", entry: "demo-1-0-2" }]);
});
