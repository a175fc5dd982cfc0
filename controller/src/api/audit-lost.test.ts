import { expect, test } from "vitest";
import { beat, call } from "../fixtures/calls.ts";
import { Scene } from "../fixtures/scene.ts";

test("a change that is not in the audit log is said to be made, and a refusal stays one", async () => {
  const scene = await Scene.make();
  const life = await scene.begin();
  await beat(life, "n1");
  // As on a disk that takes nothing more.
  await life.parts.audit.close();
  expect(await call(life, "POST", "/v1/nodes/n1/cordon")).toMatchObject({
    status: 500,
    body: { code: "AUDIT_WRITE_FAILED", detail: expect.stringContaining("is done") },
  });
  expect(life.parts.objects.nodes.get("n1")?.value.cordoned).toBe(true);
  expect(await call(life, "POST", "/v1/nodes/n2/cordon")).toMatchObject({
    status: 404,
    body: { code: "NODE_NOT_FOUND" },
  });
});
