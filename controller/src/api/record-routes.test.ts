import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type ControllerEvent, createControllerClient, readNdjson } from "@damson/client";
import { expect, test } from "vitest";
import { archive, upload } from "../fixtures/archives.ts";
import { bodyOf, TestController } from "../fixtures/test-controller.ts";

async function eventsOf(controller: TestController, query = "", headers: Record<string, string> = {}) {
  const response = await controller.fetch(`/v1/events?follow=false${query}`, { headers });
  const events: ControllerEvent[] = [];
  for await (const event of readNdjson<ControllerEvent>(response)) events.push(event);
  return events;
}

/** Free a moment ago: a controller that is started again must have the same. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const uploadDemo = (controller: TestController, version: number) =>
  upload(controller, archive(`name=demo\nversion=${version}`));

test("events are kept over a restart, and resumed from any of them", async () => {
  const controller = await TestController.start();
  for (const version of [1, 2, 3]) await uploadDemo(controller, version);
  const before = await eventsOf(controller);
  const types = before.map(({ type }) => type).filter((type) => type === "artifact.uploaded");
  expect(types).toHaveLength(3);
  await controller.stop();
  await controller.start();
  await uploadDemo(controller, 4);
  const all = await eventsOf(controller);
  expect(all.slice(0, before.length)).toEqual(before);
  const last = before.at(-1)?.id ?? "";
  const rest = await eventsOf(controller, "", { "last-event-id": last });
  expect(rest).toEqual(all.slice(before.length));
  expect(await eventsOf(controller, `&last_event_id=${last}`)).toEqual(rest);
  expect(await eventsOf(controller, "&limit=2")).toEqual(all.slice(-2));
  expect((await eventsOf(controller, "&last_event_id=unknown-1"))[0]).toMatchObject({ type: "events.lost" });
});

test("events are those of a deployment, or of a node", async () => {
  const controller = await TestController.start();
  const send = (path: string, body: unknown) =>
    controller.fetch(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
  await send("/v1/nodes/heartbeat", { nodeId: "node-a" });
  await send("/v1/nodes/heartbeat", { nodeId: "node-b" });
  const spec = { app: "web", version: "1", pkg: { type: "binary", command: ["/bin/true"] } };
  for (const name of ["shop", "blog"]) expect((await send("/v1/deployments", { name, spec })).status).toBe(200);
  await expect.poll(async () => (await eventsOf(controller, "&deployment=shop")).length).toBeGreaterThan(0);
  for (const event of await eventsOf(controller, "&deployment=shop")) expect(event.deployment).toBe("shop");
  const { deploymentId } = (await controller.get("/v1/deployments/blog")).deployment;
  const blog = await eventsOf(controller, `&deployment=${deploymentId}`);
  expect(blog).not.toHaveLength(0);
  expect(blog).toEqual(await eventsOf(controller, "&deployment=blog"));
  for (const event of await eventsOf(controller, "&node=node-a")) expect(event.nodeId).toBe("node-a");
  expect(await eventsOf(controller, "&node=nobody")).toEqual([]);
});

test("events are followed, from the newest few on, over a restart", async () => {
  const port = await freePort();
  const controller = await TestController.start({ port });
  for (const version of [1, 2, 3]) await uploadDemo(controller, version);
  const stop = new AbortController();
  const client = createControllerClient({ url: controller.url });
  const seen: string[] = [];
  for await (const { type, message = "" } of client.followEvents({ limit: 2 }, { signal: stop.signal })) {
    if (type !== "artifact.uploaded") continue;
    seen.push(message.replace(/^.*demo_(\d).*$/, "$1"));
    if (seen.length === 2) await uploadDemo(controller, 4);
    if (seen.length === 3) {
      await controller.stop();
      await controller.start();
      await uploadDemo(controller, 5);
    }
    if (seen.length === 4) stop.abort();
  }
  expect(seen).toEqual(["2", "3", "4", "5"]);
});

test("audit says who asked for what, and what became of it, also after a restart", async () => {
  const token = "a-token-of-enough-characters";
  let now = new Date("2030-01-01T00:00:00Z");
  const controller = await TestController.start({ token, now: () => now });
  const authorization = `Bearer ${token}`;
  const { artifactId } = await bodyOf(upload(controller, archive(), { authorization, "idempotency-key": "k1" }));
  await upload(controller, archive(), { authorization, "idempotency-key": "k1" });
  const erase = (id: string) => controller.fetch(`/v1/apps/${id}`, { method: "DELETE", headers: { authorization } });
  await erase("0".repeat(32));
  await controller.stop();
  await controller.start();
  now = new Date("2030-01-01T02:00:00Z");
  await erase(artifactId);
  const read = async (query = "") =>
    (await bodyOf(controller.fetch(`/v1/audit${query}`, { headers: { authorization } }))).records;
  const object = `artifacts/${artifactId}`;
  expect(await read()).toMatchObject([
    {
      method: "DELETE",
      path: `/v1/apps/${artifactId}`,
      object,
      outcome: "done",
      status: 204,
      actor: expect.stringMatching(/^token /),
    },
    { outcome: "refused", status: 404, code: "ARTIFACT_NOT_FOUND", object: `artifacts/${"0".repeat(32)}` },
    { outcome: "repeated", operationId: "k1", object },
    {
      method: "POST",
      path: "/v1/apps/upload",
      outcome: "done",
      status: 200,
      operationId: "k1",
      time: "2030-01-01T00:00:00.000Z",
    },
  ]);
  expect(await read("?since=1h")).toHaveLength(1);
  expect(await read("?since=99999999999d")).toHaveLength(4);
  expect(await read("?limit=2")).toHaveLength(2);
  expect(await read(`?object=${object}`)).toHaveLength(3);
  expect(JSON.stringify(await read())).not.toContain(token);
  expect((await controller.fetch("/v1/audit")).status).toBe(401);
});
