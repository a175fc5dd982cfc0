import { expect, onTestFinished, test } from "vitest";
import { call } from "../fixtures/calls.ts";
import { eventually } from "../fixtures/eventually.ts";
import { putDeployment } from "../fixtures/objects.ts";
import { fakeTimers, type Life, Scene } from "../fixtures/scene.ts";
import { OPERATION_KEPT_MS } from "../model/operation.ts";
import { OldOperations } from "./old-operations.ts";

const HOUR_MS = 3_600_000;

const cordon = (life: Life, key: string) =>
  call(life, "POST", "/v1/nodes/n1/cordon", undefined, { "idempotency-key": key });
const kept = ({ parts }: Life) => parts.objects.operations.size;

async function begin(scene: Scene): Promise<Life> {
  const life = await scene.begin();
  const old = new OldOperations(life.parts);
  onTestFinished(() => old.close());
  await old.start();
  return life;
}

test("the answer of a change is kept for its time and not longer, whichever controller wrote it", async () => {
  fakeTimers();
  const scene = await Scene.make();
  const first = await begin(scene);
  await putDeployment(first.parts, 1);
  await call(first, "POST", "/v1/nodes/heartbeat", { nodeId: "n1" });
  for (let count = 0; count < 250; count += 1) await cordon(first, `early-${count}`);
  await scene.end();

  scene.advance(2 * HOUR_MS);
  const life = await begin(scene);
  await cordon(life, "late");
  expect(kept(life)).toBe(251);
  for (let ms = 3 * HOUR_MS; ms < OPERATION_KEPT_MS; ms += HOUR_MS) scene.advance(HOUR_MS);
  expect(kept(life)).toBe(251);
  scene.advance(HOUR_MS);
  await eventually(() => expect(kept(life)).toBe(1));
  scene.advance(HOUR_MS);
  scene.advance(HOUR_MS);
  await eventually(() => expect(kept(life)).toBe(0));
});
