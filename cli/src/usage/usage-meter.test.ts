import { expect, it } from "vitest";
import { UsageMeter } from "./usage-meter.ts";

function sample(second: number, cpu_seconds: number, instance_id = "shop-1") {
  const at = new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString();
  return { instance_id, at, cpu_seconds, memory_bytes: 1, processes: 1 };
}

it("makes percents of a core from two samples of an instance", () => {
  const meter = new UsageMeter();
  const percents = [sample(0, 5), sample(1, 5.5), sample(3, 8.5), sample(4, 8.5)].map(
    (one) => meter.add("shop", one).cpu_percent,
  );
  expect(percents).toEqual([null, 50, 150, 0]);
});

it("keeps instances apart", () => {
  const meter = new UsageMeter();
  meter.add("shop", sample(0, 5));
  expect(meter.add("shop", sample(1, 9, "shop-2")).cpu_percent).toBeNull();
});

it.each([
  ["another run has begun", sample(1, 0.1)],
  ["it is the same sample", sample(0, 5)],
  ["the clock was set back", sample(-5, 6)],
])("knows no percent when %s", (_, next) => {
  const meter = new UsageMeter();
  meter.add("shop", sample(0, 5));
  expect(meter.add("shop", next).cpu_percent).toBeNull();
});
