import { describe, expect, it } from "vitest";
import { memoryStoreHarness } from "./fixtures/memory-store-harness.ts";
import { wrongCommits } from "./fixtures/wrong-commits.ts";
import { wrongInputs } from "./fixtures/wrong-inputs.ts";
import { wrongLeases } from "./fixtures/wrong-leases.ts";
import { wrongLives } from "./fixtures/wrong-lives.ts";
import { wrongReads } from "./fixtures/wrong-reads.ts";
import { storeCases } from "./store-cases.ts";

const WRONG = [...wrongCommits, ...wrongReads, ...wrongLeases, ...wrongLives, ...wrongInputs];
const QUICK = { deadlineMs: 500 };

describe("the suite rejects a store where", () => {
  for (const { wrong, rejectedBy, harness } of WRONG) {
    it.concurrent(`${wrong}, by "${rejectedBy}"`, async () => {
      const meant = storeCases(harness, QUICK).filter(({ name, leftOut }) => name === rejectedBy && !leftOut);
      expect(meant).toHaveLength(1);
      for (const { run } of meant) await expect(run()).rejects.toThrow();
    });
  }
});

describe("the suite of stores has no case that cannot fail", () => {
  const able = storeCases(memoryStoreHarness());

  it("every case rejects at least one wrong store", () => {
    const rejecting = new Set(WRONG.map(({ rejectedBy }) => rejectedBy));
    expect(able.map(({ name }) => name).filter((name) => !rejecting.has(name))).toEqual([]);
  });

  it("every case has a name of its own", () => {
    expect(new Set(able.map(({ name }) => name)).size).toBe(able.length);
  });

  it("only crashes are left out, where a store cannot be crashed", () => {
    expect(able.filter(({ leftOut }) => leftOut !== undefined)).toEqual([]);
    const unable = storeCases({ ...memoryStoreHarness(), crashes: false });
    expect(new Set(unable.map(({ leftOut }) => leftOut))).toEqual(new Set([undefined, "the store cannot be crashed"]));
  });
});
