import { expect, test } from "vitest";
import { call } from "../fixtures/calls.ts";
import { eventually } from "../fixtures/eventually.ts";
import { ENTRY, GOING, putAssignment, putDeployment } from "../fixtures/objects.ts";
import { RealAgent } from "../fixtures/real-agent.ts";
import { servedLife } from "../fixtures/scene.ts";

test("a real agent that dials in runs its list, tells of it, registers, and confirms what it has let go", async () => {
  const life = await servedLife({ settings: { heartbeatTtlMs: 3_000 } });
  const { objects } = life.parts;
  const services = [{ name: "web", port: 8_080, protocol: "http" }];
  await putDeployment(life.parts, 1, { entry: { ...ENTRY, spec: { ...ENTRY.spec, services } } });
  const id = await putAssignment(life.parts, "n1", [1, 1]);
  const agent = await RealAgent.start({
    nodeId: "n1",
    controller: { url: life.url, ip: "10.0.0.7", labels: { zone: "a" } },
  });
  const found = async () => (await call(life, "GET", "/v1/discovery?service=web")).body;

  await eventually(() => expect(objects.statuses.get(id)?.value.latest).toMatchObject({ phase: "Running" }));
  await eventually(async () => expect(await found()).toMatchObject([{ instanceId: id, ip: "10.0.0.7", port: 8_080 }]));
  expect(objects.nodes.get("n1")?.value).toMatchObject({ ip: "10.0.0.7", labels: { zone: "a" }, link: "stream" });
  // Asked for in the answer to one heartbeat, and sent with the next.
  await eventually(() => {
    const [process] = objects.nodes.get("n1")?.value.runtimes ?? [];
    expect(process).toMatchObject({ name: "process", usable: true });
    expect(objects.schemas.get(process?.packageTypes.binary ?? "")).toBeDefined();
  });

  await putAssignment(life.parts, "n1", [1, 1], GOING);
  await eventually(() => expect(objects.assignments.get(id)).toBeUndefined());
  expect(await agent.apps()).toEqual([]);
  expect(await found()).toEqual([]);
});

test("a node that was forgotten while its agent lives comes back with all its facts", async () => {
  const life = await servedLife({ settings: { heartbeatTtlMs: 3_000 } });
  const { nodes } = life.parts.objects;
  await RealAgent.start({ nodeId: "n1", controller: { url: life.url, labels: { zone: "a" } } });
  const whole = { labels: { zone: "a" }, runtimes: [{ name: "process", usable: true }], version: "0.0.0" };
  await eventually(() => expect(nodes.get("n1")?.value).toMatchObject(whole));
  const { registeredAt } = nodes.get("n1")?.value ?? {};
  life.scene.time += 1_000;
  expect(await call(life, "DELETE", "/v1/nodes/n1")).toMatchObject({ status: 204 });
  await eventually(() => expect(nodes.get("n1")?.value).toMatchObject(whole));
  expect(nodes.get("n1")?.value.registeredAt).not.toBe(registeredAt);
});
