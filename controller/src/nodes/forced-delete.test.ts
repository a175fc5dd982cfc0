import { expect, test } from "vitest";
import { beat, call } from "../fixtures/calls.ts";
import { eventually } from "../fixtures/eventually.ts";
import { putAssignment, putDeployment } from "../fixtures/objects.ts";
import { type Life, Scene } from "../fixtures/scene.ts";

const COUNT = 250;

async function life(): Promise<Life> {
  const scene = await Scene.make();
  const one = await scene.begin();
  await putDeployment(one.parts, 1);
  await beat(one, "n1");
  for (let number = 1; number <= COUNT; number += 1) await putAssignment(one.parts, "n1", [1, number]);
  return one;
}

const erase = (one: Life, query = "") => call(one, "DELETE", `/v1/nodes/n1${query}`);
const placed = (one: Life) => one.parts.objects.assignmentsByNode.of("n1");

test("a node that lives is not forgotten with its instances", async () => {
  const one = await life();
  const refused = { status: 409, body: { code: "NODE_IN_USE", remedy: expect.stringContaining("/drain") } };
  expect(await erase(one, "?force=true")).toMatchObject(refused);
  expect(placed(one).some(({ value }) => value.removing)).toBe(false);
});

test("a node that is lost is forgotten with them when it is forced, and has none when it returns", async () => {
  const one = await life();
  await one.parts.changes.run((change) => change.delete("nodeLeases", "n1"));
  await eventually(() => expect(one.parts.objects.nodes.get("n1")?.value.health).toBe("Unknown"));
  expect(await erase(one)).toMatchObject({
    status: 409,
    body: { code: "NODE_IN_USE", remedy: expect.stringContaining("--force") },
  });
  expect(await erase(one, "?force=true")).toMatchObject({ status: 204 });
  await eventually(() => expect(placed(one)).toEqual([]));
  expect(one.parts.objects.nodes.get("n1")).toBeUndefined();
  await beat(one, "n1");
  expect((await call(one, "GET", "/v1/assignments?nodeId=n1&include=apply")).body.items).toEqual([]);
});
