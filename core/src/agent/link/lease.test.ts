import { expect, test } from "vitest";
import { heartbeatRetryMs } from "./lease.ts";

test.each([1_000, 4_000, 15_000])(
  "however long a controller was away, it hears of a node within a lease of %i ms",
  (ttlMs) => {
    for (let attempt = 1; attempt <= 20; attempt += 1) expect(heartbeatRetryMs(attempt, ttlMs)).toBeLessThan(ttlMs);
  },
);

test("a controller that asks for few heartbeats is not called more often than others", () => {
  expect(heartbeatRetryMs(1, 600_000)).toBeLessThanOrEqual(1_200);
  expect(heartbeatRetryMs(20, 600_000)).toBeGreaterThanOrEqual(24_000);
});
