import { expect, it } from "vitest";
import { PresentUsage } from "./present-usage.ts";

function sample(instance_id: string) {
  const at = new Date(0).toISOString();
  return { app: "shop", instance_id, at, cpu_seconds: 1, cpu_percent: 1, memory_bytes: 1, processes: 1 };
}

it("keeps the last samples while the agent is away, and a while after it came back", () => {
  let now = 0;
  const present = new PresentUsage(() => now);
  const ids = () => present.list().map(({ instance_id }) => instance_id);
  present.add(sample("shop-old"));
  now = 4_000;
  present.add(sample("shop-2"));
  present.add(sample("shop-1"));
  expect(ids()).toEqual(["shop-1", "shop-2", "shop-old"]);
  now = 6_000;
  present.hold();
  now = 600_000;
  present.hold();
  expect(ids()).toEqual(["shop-1", "shop-2"]);
  present.release();
  present.add(sample("shop-1"));
  now += 4_000;
  present.add(sample("shop-1"));
  expect(ids()).toEqual(["shop-1", "shop-2"]);
  now += 4_000;
  expect(ids()).toEqual(["shop-1"]);
});
