import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answer } from "@damson/client";
import { expect, onTestFinished, test } from "vitest";
import { beat, call } from "../fixtures/calls.ts";
import { eventually } from "../fixtures/eventually.ts";
import { ENTRY, GOING, instanceId, putAssignment, putDeployment } from "../fixtures/objects.ts";
import { RealAgent } from "../fixtures/real-agent.ts";
import { type Life, servedLife } from "../fixtures/scene.ts";
import { FakeBoreas } from "./fixtures/fake-boreas.ts";

const register = (life: Life, agent_url: string, fields: object = {}) =>
  call(life, "POST", "/api/v1/agents", { agent_id: "n1", agent_url, ...fields });
const registered = async (life: Life) => (await call(life, "GET", "/api/v1/agents/n1")).body;
const online = (life: Life) =>
  eventually(async () => expect(await registered(life)).toMatchObject({ status: "online" }));
const latest = (life: Life, id: string) => life.parts.objects.statuses.get(id)?.value.latest;

/** The real agent's apps, as far as a test looks at them. */
const shown = async (agent: RealAgent) => (await agent.apps()).map(({ app, status }) => `${app} ${status}`).sort();

test("an agent that is called runs what is placed on it, and what it tells is kept", async () => {
  const life = await servedLife();
  const agent = await RealAgent.start();
  await putDeployment(life.parts, 1);
  const id = await putAssignment(life.parts, "n1", [1, 1]);
  expect((await register(life, agent.url)).body).toMatchObject({
    agent_id: "n1",
    status: "offline",
    agent_url: agent.url,
  });
  await online(life);
  await eventually(() => expect(latest(life, id)).toMatchObject({ phase: "Running", healthy: true, specVersion: 1 }));
  expect(await shown(agent)).toEqual([`${id} running`]);
  expect(await registered(life)).toMatchObject({ healthy: { level: 100, msg: "1 of 1 instances are healthy" } });
  const node = (await call(life, "GET", "/v1/nodes/n1")).body;
  expect(node).toMatchObject({ link: "push", health: "Healthy", runtimes: [{ name: "process", usable: true }] });
  expect(JSON.stringify(node)).not.toContain("agentToken");

  await putAssignment(life.parts, "n1", [1, 1], { desired: "Stopped" });
  await eventually(() => expect(latest(life, id)).toMatchObject({ phase: "Stopped", healthy: false }));
  await putAssignment(life.parts, "n1", [1, 1], { desired: "Running" });
  await eventually(() => expect(latest(life, id)).toMatchObject({ phase: "Running" }));

  const other = await putAssignment(life.parts, "n1", [1, 2]);
  await putAssignment(life.parts, "n1", [1, 1], GOING);
  await eventually(() => expect(life.parts.objects.assignments.get(id)).toBeUndefined());
  await eventually(async () => expect(await shown(agent)).toEqual([`${other} running`]));
});

test("a new version is applied, and one that the agent refuses is told as Failed", async () => {
  const life = await servedLife();
  const agent = await RealAgent.start();
  const version = (number: number, spec: object) => ({
    version: number,
    createdAt: "2030-01-01T00:00:00.000Z",
    entries: [{ ...ENTRY, appVersion: `v${number}`, spec: spec as never }],
    update: { maxParallel: 1, healthyWithinMs: 60_000, autoRollback: true },
  });
  const versions = [version(2, { pkg: { type: "unknown" } }), version(1, Object(ENTRY.spec))];
  await putDeployment(life.parts, 1, { versions });
  const id = await putAssignment(life.parts, "n1", [1, 1]);
  await register(life, agent.url);
  await eventually(() => expect(latest(life, id)).toMatchObject({ phase: "Running", specVersion: 1 }));
  await putAssignment(life.parts, "n1", [1, 1], { specVersion: 2 });
  await eventually(() => expect(latest(life, id)).toMatchObject({ phase: "Failed", specVersion: 2 }));
  expect(latest(life, id)?.reason).toMatch(/cannot be run here: .*unknown/);
  // What ran before goes on.
  expect(await agent.apps()).toMatchObject([{ app: id, version: "v1", status: "running" }]);
  await putAssignment(life.parts, "n1", [1, 1], { specVersion: 1 });
  await eventually(() => expect(latest(life, id)).toMatchObject({ phase: "Running", specVersion: 1 }));
});

test("an end of its own is told with its code, and apps of others are left alone", async () => {
  const life = await servedLife();
  const agent = await RealAgent.start();
  const command = ["/bin/sh", "-c", "exit 3"];
  const entry = { ...ENTRY, spec: { pkg: { type: "binary", command }, restart: "never" } };
  await putDeployment(life.parts, 1, { entry });
  const id = await putAssignment(life.parts, "n1", [1, 1]);
  const pkg = { type: "binary", command: ["/bin/sleep", "1000"] };
  const foreign = instanceId(9, 9);
  const assignment = {
    instance_id: foreign,
    app: "x",
    deployment: "x",
    deployment_id: "x",
    spec_version: 1,
    controller_id: "y",
  };
  await answer(agent.client.api.POST("/v1/apply", { body: { app: "local", version: "v1", pkg } }));
  await answer(agent.client.api.POST("/v1/apply", { body: { app: foreign, version: "v1", pkg, assignment } }));
  await register(life, agent.url);
  await eventually(() => expect(latest(life, id)).toMatchObject({ phase: "Failed", exitCode: 3 }));
  await putAssignment(life.parts, "n1", [1, 1], GOING);
  await eventually(() => expect(life.parts.objects.assignments.size).toBe(0));
  expect(await shown(agent)).toEqual([`${foreign} running`, "local running"]);
});

test("an agent that cannot be reached is offline, with the reason, and comes on when it answers", async () => {
  const life = await servedLife({ settings: { heartbeatTtlMs: 1_000 } });
  await register(life, "http://127.0.0.1:1");
  await eventually(async () => {
    expect(await registered(life)).toMatchObject({
      status: "offline",
      healthy: { level: 0, msg: expect.stringContaining("127.0.0.1:1") },
    });
    expect((await call(life, "GET", "/v1/nodes/n1")).body).toMatchObject({ health: "Unhealthy" });
  });
  const token = "a-token-of-enough-characters";
  const agent = await RealAgent.start({ token });
  await register(life, agent.url);
  await eventually(async () => expect((await registered(life)).healthy.msg).toMatch(/token/i));
  await register(life, `${agent.url}/`, { token, labels: { zone: "a" } });
  await online(life);
  expect(await call(life, "GET", "/api/v1/agents")).toMatchObject({ body: { agents: [{ agent_url: agent.url }] } });
  expect(JSON.stringify((await call(life, "GET", "/v1/nodes")).body)).not.toContain(token);
});

test("what was left undone when a controller ended, the next one does", async () => {
  const life = await servedLife();
  const agent = await RealAgent.start();
  await putDeployment(life.parts, 1);
  const id = await putAssignment(life.parts, "n1", [1, 1]);
  await register(life, agent.url);
  await eventually(async () => expect(await shown(agent)).toEqual([`${id} running`]));
  await life.pushLinks.close();
  await putAssignment(life.parts, "n1", [1, 1], GOING);
  await life.scene.end();
  const next = await life.scene.begin();
  await eventually(() => expect(next.parts.objects.assignments.size).toBe(0));
  expect(await shown(agent)).toEqual([]);
});

test("an agent is called no longer when it is taken back, and not while instances are placed on it", async () => {
  const life = await servedLife();
  const agent = await RealAgent.start();
  await putDeployment(life.parts, 1);
  await putAssignment(life.parts, "n1", [1, 1]);
  await register(life, agent.url);
  const forget = () => call(life, "DELETE", "/api/v1/agents/n1");
  expect(await forget()).toMatchObject({ status: 409, body: { code: "NODE_IN_USE" } });
  await putAssignment(life.parts, "n1", [1, 1], GOING);
  expect(await forget()).toMatchObject({ status: 204 });
  expect(await forget()).toMatchObject({ status: 404, body: { code: "AGENT_NOT_FOUND" } });
  await eventually(() => expect(life.parts.objects.assignments.size).toBe(0));
  expect(life.parts.objects.nodes.size).toBe(0);
});

test("an agent that is called takes a node over from one that dialled in and is lost", async () => {
  const life = await servedLife();
  const agent = await RealAgent.start();
  await putDeployment(life.parts, 1);
  await beat(life, "n1");
  const id = await putAssignment(life.parts, "n1", [1, 1]);
  expect(await register(life, agent.url)).toMatchObject({ status: 409, body: { code: "NODE_ID_TAKEN" } });
  await life.parts.changes.run((change) => change.delete("nodeLeases", "n1"));
  await eventually(async () => expect(await register(life, agent.url)).toMatchObject({ status: 200 }));
  // What the former agent may still run is not begun under the same id.
  await eventually(() => expect(life.parts.objects.assignments.get(id)).toBeUndefined());
  expect(await shown(agent)).toEqual([]);
  expect(await beat(life, "n1")).toMatchObject({ status: 409 });
});

test("what an agent that is called tells is checked before it is kept", async () => {
  const life = await servedLife();
  await putDeployment(life.parts, 1);
  const id = await putAssignment(life.parts, "n1", [1, 1]);
  const assignment = { controller_id: life.parts.controllerId, spec_version: 1 };
  const status = { app: id, version: "v1", phase: "running", updated: "", restarts: "many", instances: [], assignment };
  const answers = new Map([
    ["/v1/health", { status: "healthy", service: "damson-agent" }],
    ["/v1/status", { apps: [status] }],
  ]);
  const fake = createServer(({ url = "" }, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answers.get(url)));
  });
  await new Promise<void>((resolve) => fake.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void fake.close());
  await register(life, `http://127.0.0.1:${(fake.address() as AddressInfo).port}`);
  await eventually(async () =>
    expect((await registered(life)).healthy.msg).toMatch(/no agent that can be called: its status: restarts/),
  );
  expect(await call(life, "GET", "/v1/assignments?nodeId=n1")).toMatchObject({ status: 200 });
});

test("an agent that was forgotten is not registered anew by a change of what it was", async () => {
  const life = await servedLife();
  const change = () =>
    call(life, "POST", "/api/v1/agents?resource_version=7", { agent_id: "n1", agent_url: "http://127.0.0.1:1" });
  expect(await change()).toMatchObject({ status: 412, body: { code: "RESOURCE_VERSION_MISMATCH" } });
  expect(life.parts.objects.nodes.get("n1")).toBeUndefined();
});

test("a registration that is refused takes nothing from the node", async () => {
  const life = await servedLife();
  await putDeployment(life.parts, 1);
  await beat(life, "n1");
  const id = await putAssignment(life.parts, "n1", [1, 1]);
  await life.parts.changes.run((change) => change.delete("nodeLeases", "n1"));
  await eventually(() => expect(life.parts.objects.nodes.get("n1")?.value.health).not.toBe("Healthy"));
  expect(await register(life, "file:///etc")).toMatchObject({ status: 400, body: { code: "AGENT_URL_INVALID" } });
  expect(life.parts.objects.assignments.get(id)?.value).not.toHaveProperty("removing");
});

test.each([true, false])("a plain agent of Boreas is served as far as it goes (envelope: %s)", async (envelope) => {
  const life = await servedLife();
  const agent = await FakeBoreas.start(envelope);
  await putDeployment(life.parts, 1);
  await putDeployment(life.parts, 2, {
    entry: { ...ENTRY, spec: { pkg: { type: "artifact", url: "http://x/y.zip" } } },
  });
  const id = await putAssignment(life.parts, "n1", [1, 1]);
  const refused = await putAssignment(life.parts, "n1", [2, 1]);
  await register(life, agent.url);
  await eventually(() => expect(latest(life, id)).toMatchObject({ phase: "Running", healthy: true }));
  expect(agent.apps.get(id)).toMatchObject({ version: "v1", package: { type: "binary" } });
  await eventually(() => expect(latest(life, refused)).toMatchObject({ phase: "Failed" }));
  expect(latest(life, refused)?.reason).toMatch(/unsupported type/);
  await putAssignment(life.parts, "n1", [1, 1], GOING);
  await eventually(() => expect(life.parts.objects.assignments.get(id)).toBeUndefined());
  expect(agent.running).toEqual([]);
});
