import { expect, onTestFinished, test } from "vitest";
import { beat, call } from "../fixtures/calls.ts";
import { eventually } from "../fixtures/eventually.ts";
import { GOING, putAssignment, putDeployment } from "../fixtures/objects.ts";
import { type Life, servedLife } from "../fixtures/scene.ts";

/** Opens a stream, and gives what has come so far. */
async function open(life: Life, query = "nodeId=n1", headers: Record<string, string> = {}) {
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const response = await fetch(`${life.url}/v1/stream?${query}`, { headers, signal: end.signal });
  const stream = { text: "", ended: false, status: response.status, end: () => end.abort() };
  void (async () => {
    for await (const chunk of response.body ?? []) stream.text += new TextDecoder().decode(chunk);
  })()
    .catch(() => undefined)
    .finally(() => (stream.ended = true));
  return stream;
}

const updates = (text: string) => text.match(/event: update\ndata: assignments\n\n/g)?.length ?? 0;
const list = async (life: Life, headers = {}) =>
  call(life, "GET", "/v1/assignments?nodeId=n1&include=apply", undefined, headers);

test("a stream begins with init, and tells of each change of what should run there, and of nothing else", async () => {
  const life = await servedLife();
  await putDeployment(life.parts, 1);
  const stream = await open(life);
  await eventually(() =>
    expect(stream.text).toMatch(/^retry: 2000\n\nid: the-controller-\d+\nevent: ping\ndata: init\n\n$/),
  );
  const changes: (() => Promise<unknown>)[] = [
    () => putAssignment(life.parts, "n1", [1, 1]),
    () => putAssignment(life.parts, "n1", [1, 1], { desired: "Stopped" }),
    () => putAssignment(life.parts, "n1", [1, 1], { specVersion: 2 }),
    () => putDeployment(life.parts, 1, { status: "Stopped" }),
    () => putAssignment(life.parts, "n1", [1, 1], GOING),
  ];
  for (const [index, change] of changes.entries()) {
    await change();
    await eventually(() => expect(updates(stream.text)).toBe(index + 1));
  }
  const { revision } = (await list(life)).body;
  // The instance that was going is gone: there is no such node.
  await eventually(() => expect(life.parts.objects.assignments.size).toBe(0));
  await putAssignment(life.parts, "n2", [1, 2]);
  await putAssignment(life.parts, "n2", [1, 2], { replaces: "another" });
  await putDeployment(life.parts, 1, { status: "Stopped", paused: true });
  expect((await list(life)).body.revision).toBe(revision);
  expect(stream.text).toContain(`id: the-controller-${revision}\nevent: update`);
  expect(updates(stream.text)).toBe(changes.length);
});

test("many changes at once are told of at least once, and the last one never is left out", async () => {
  const life = await servedLife();
  await putDeployment(life.parts, 1);
  const stream = await open(life);
  for (let number = 1; number <= 50; number += 1) void putAssignment(life.parts, "n1", [1, number]);
  await eventually(async () => {
    const { items, revision } = (await list(life)).body;
    expect(items).toHaveLength(50);
    expect(stream.text).toContain(`id: the-controller-${revision}\nevent: update`);
  });
});

test("a client that comes back is told at once of what changed meanwhile, and only then", async () => {
  const life = await servedLife();
  await putDeployment(life.parts, 1);
  await putAssignment(life.parts, "n1", [1, 1]);
  const { revision } = (await list(life)).body;
  const same = await open(life, "nodeId=n1", { "last-event-id": `the-controller-${revision}` });
  const behind = await open(life, `nodeId=n1&last_event_id=the-controller-${revision - 1}`);
  await eventually(() => expect(updates(behind.text)).toBe(1));
  expect(updates(same.text)).toBe(0);
});

test("a list is fetched once, and the same one is not sent again", async () => {
  const life = await servedLife();
  await putDeployment(life.parts, 1);
  await beat(life, "n1");
  const id = await putAssignment(life.parts, "n1", [1, 1]);
  const fetched = await list(life);
  expect(fetched.body).toMatchObject({
    controllerId: "the-controller",
    items: [{ instanceId: id, desired: "Running", apply: { app: id, version: "v1", assignment: { spec_version: 1 } } }],
  });
  expect(fetched.headers.etag).toBe(`"the-controller-${fetched.body.revision}"`);
  const tag = { "if-none-match": String(fetched.headers.etag) };
  expect(await list(life, tag)).toMatchObject({ status: 304, body: undefined });
  expect((await beat(life, "n1")).body.revision).toBe(fetched.body.revision);
  await life.parts.changes.run((change) => change.delete("assignments", id));
  expect(await list(life, tag)).toMatchObject({ status: 200, body: { items: [] } });
});

test("after a restart every list has a revision that is not older than before", async () => {
  const life = await servedLife();
  await putDeployment(life.parts, 1);
  await putAssignment(life.parts, "n1", [1, 1]);
  const { revision } = (await list(life)).body;
  await life.scene.end();
  const next = await life.scene.begin();
  const again = (await list(next)).body;
  expect(again.revision).toBeGreaterThanOrEqual(revision);
  expect(again.items).toHaveLength(1);
});

test("the oldest of too many streams of a node ends, and streams of gone clients are let go", async () => {
  const life = await servedLife();
  const streams: Awaited<ReturnType<typeof open>>[] = [];
  for (let count = 0; count < 9; count += 1) streams.push(await open(life));
  await eventually(() => expect(streams.map(({ ended }) => ended)).toEqual([true, ...Array(8).fill(false)]));
  for (const stream of streams) stream.end();
  await eventually(() => expect(life.nodes.streams.count).toBe(0));
});
