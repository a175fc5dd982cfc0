import { describe, expect, it } from "vitest";
import { conformanceCases } from "./conformance-cases.ts";
import { wrongBeforeStart } from "./fixtures/wrong-before-start.ts";
import { wrongStarts } from "./fixtures/wrong-starts.ts";
import { wrongStops } from "./fixtures/wrong-stops.ts";

const WRONG = [...wrongBeforeStart, ...wrongStarts, ...wrongStops];
const QUICK = { deadlineMs: 1_000, quietMs: 30, graceMs: 50, floodLines: 5_000 };

describe("the suite rejects a runtime where", () => {
  for (const { wrong, rejectedBy, harness } of WRONG) {
    it.concurrent(`${wrong}, by "${rejectedBy}"`, async () => {
      const made = harness();
      const meant = conformanceCases(made, QUICK).filter(({ name, leftOut }) => name === rejectedBy && !leftOut);
      expect(meant).toHaveLength(1);
      for (const { run } of meant) await expect(run()).rejects.toThrow();
      await made.cleanup();
    });
  }
});
