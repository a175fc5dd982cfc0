import { describe, expect, it } from "vitest";
import { wrongChoices } from "./fixtures/wrong-choices.ts";
import { wrongFilters } from "./fixtures/wrong-filters.ts";
import { wrongResults } from "./fixtures/wrong-results.ts";
import { SCHEDULER_CASES } from "./scheduler-cases.ts";

const WRONG = [...wrongFilters, ...wrongChoices, ...wrongResults];
const CASES = Object.values(SCHEDULER_CASES).flat();

describe("the suite rejects a scheduler that", () => {
  for (const { wrong, rejectedBy, make } of WRONG) {
    it(`${wrong}, by "${rejectedBy}"`, () => {
      const meant = CASES.filter(({ name }) => name === rejectedBy);
      expect(meant).toHaveLength(1);
      for (const { run } of meant) expect(() => run(make())).toThrow();
    });
  }
});

describe("the suite has no case that cannot fail", () => {
  it("every case rejects at least one wrong scheduler", () => {
    const rejecting = new Set(WRONG.map(({ rejectedBy }) => rejectedBy));
    expect(CASES.map(({ name }) => name).filter((name) => !rejecting.has(name))).toEqual([]);
  });

  it("every case has a name of its own", () => {
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
  });
});
