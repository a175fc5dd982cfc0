import { describe, expect, it } from "vitest";
import { conformanceCases } from "./conformance-cases.ts";
import { memoryHarness } from "./fixtures/memory-harness.ts";
import { wrongBeforeStart } from "./fixtures/wrong-before-start.ts";
import { wrongExecs } from "./fixtures/wrong-execs.ts";
import { wrongLogs } from "./fixtures/wrong-logs.ts";
import { wrongOwners } from "./fixtures/wrong-owners.ts";
import { wrongRecoveries } from "./fixtures/wrong-recoveries.ts";
import { wrongStarts } from "./fixtures/wrong-starts.ts";
import { wrongStops } from "./fixtures/wrong-stops.ts";
import { wrongUnits } from "./fixtures/wrong-units.ts";
import { wrongWatchedUsage } from "./fixtures/wrong-watched-usage.ts";

const WRONG = [
  ...wrongBeforeStart,
  ...wrongStarts,
  ...wrongStops,
  ...wrongRecoveries,
  ...wrongOwners,
  ...wrongLogs,
  ...wrongUnits,
  ...wrongExecs,
  ...wrongWatchedUsage,
];
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

describe("the suite has no case that cannot fail", () => {
  const able = conformanceCases(memoryHarness());
  const unable = conformanceCases({ ...memoryHarness(), limitsCanBeSet: false });

  it("every case rejects at least one wrong runtime", () => {
    const rejecting = new Set(WRONG.map(({ rejectedBy }) => rejectedBy));
    expect(able.map(({ name }) => name).filter((name) => !rejecting.has(name))).toEqual([]);
  });

  it("every case has a name of its own", () => {
    expect(new Set(able.map(({ name }) => name)).size).toBe(able.length);
  });

  it("only cases that the harness has no means for are left out, with the reason", () => {
    const leftOut = able.filter((one) => one.leftOut !== undefined);
    expect(leftOut.map(({ leftOut }) => leftOut)).toEqual(["limits can be set on this machine"]);
    expect(new Set(unable.map(({ leftOut }) => leftOut))).toEqual(
      new Set([undefined, "limits cannot be set on this machine"]),
    );
  });
});
