import { type TSchema, Type } from "typebox";
import { expect, test } from "vitest";
import { Cluster } from "../fixtures/cluster.ts";
import { schemaHash } from "../fixtures/node.ts";

const fields = { type: Type.Literal("vm"), image: Type.String() };
const closed = { additionalProperties: false };
const OLD = Type.Object({ ...fields, size: Type.Integer() }, closed);
const NEW = Type.Object({ ...fields, disk: Type.Optional(Type.String()) }, closed);

/** A node whose runtime has this schema for packages of the type vm. */
async function node(cluster: Cluster, nodeId: string, schema: TSchema, sent = true): Promise<void> {
  const hash = schemaHash(schema);
  const runtimes = [{ name: "vms", usable: true, packageTypes: { vm: hash } }];
  const agent = { owner: nodeId, runtimes, ...(sent && { schemas: { [hash]: schema } }) };
  expect((await cluster.post("/v1/nodes/heartbeat", { nodeId, agent })).status).toBe(200);
}

async function declare(cluster: Cluster, name: string, pkg: object) {
  return cluster.post("/v1/deployments", { name, spec: { app: "vm", version: "1", pkg: { type: "vm", ...pkg } } });
}

test("a package is right when one of the nodes' schemas takes it, and wrong by the one that comes closest", async () => {
  const cluster = await Cluster.start();
  await node(cluster, "old", OLD);
  await node(cluster, "new", NEW);
  expect((await declare(cluster, "a", { image: "x", size: 1 })).status).toBe(200);
  expect((await declare(cluster, "b", { image: "x", disk: "1g" })).status).toBe(200);
  const wrong = await declare(cluster, "c", { image: "x", disk: 1 });
  expect(wrong.body).toMatchObject({ code: "PACKAGE_INVALID", errors: [{ path: "spec.pkg.disk" }] });
});

test("a schema that is not known yet, or is none, stands in nobody's way", async () => {
  const cluster = await Cluster.start();
  await node(cluster, "silent", OLD, false);
  expect((await declare(cluster, "a", { anything: 1 })).status).toBe(200);
  await node(cluster, "odd", Type.Unsafe({ type: "nonsense", $ref: "#/nowhere" }));
  expect((await declare(cluster, "b", { anything: 1 })).status).toBe(200);
  await node(cluster, "silent", OLD);
  expect((await declare(cluster, "c", { anything: 1 })).status).toBe(400);
});
