import { expect, it } from "vitest";
import { explained, type Findings } from "./explanation.ts";

const AT = "2030-01-01T00:00:00.000Z";
const rejected = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    nodeId: `node-${index}`,
    filter: "capacity",
    reason: "x".repeat(999),
  }));

function findings(entry: string, rejections: number, fields: Partial<Findings> = {}): Findings {
  return {
    judged: [
      { entry, scheduler: "default", result: { choices: [], evaluated: rejections, rejected: rejected(rejections) } },
    ],
    refusals: [],
    counts: new Map([[entry, { wanted: 3, placed: 1 }]]),
    ...fields,
  };
}

it("keeps what is new, and only that", () => {
  const first = explained(undefined, findings("web", 1), AT);
  expect(first?.entries.web).toMatchObject({ at: AT, scheduler: "default", wanted: 3, unplaced: 2, evaluated: 1 });
  expect(explained(first, findings("web", 1), "2031-01-01T00:00:00.000Z")).toBeUndefined();
  const both = explained(first, findings("api", 1), AT);
  expect(Object.keys(both?.entries ?? {})).toEqual(["web", "api"]);
});

it("counts nodes that were named and are cordoned", () => {
  const refusals = [{ entry: "web", nodeId: "a", filter: "cordon", reason: "it is cordoned", count: 2 }];
  const { web } = explained(undefined, { judged: [], refusals, counts: new Map() }, AT)?.entries ?? {};
  expect(web).toMatchObject({
    wanted: 2,
    unplaced: 2,
    rejected: [{ nodeId: "a", filter: "cordon", reason: "it is cordoned" }],
  });
});

it("says nothing more of what is not wanted any more", () => {
  const before = explained(undefined, findings("web", 1), AT);
  const after = explained(before, { judged: [], refusals: [], counts: new Map() }, AT);
  expect(after?.entries.web).toMatchObject({ wanted: 0, unplaced: 0, rejected: [] });
  expect(explained(after, { judged: [], refusals: [], counts: new Map() }, AT)).toBeUndefined();
});

it("fits into a store, however many entries and nodes there are", () => {
  let record = explained(undefined, findings("web", 5_000), AT);
  expect(record?.entries.web).toMatchObject({ rejectedMore: 4_800, evaluated: 5_000 });
  expect(record?.entries.web?.rejected).toHaveLength(200);
  for (let index = 0; index < 64; index += 1) {
    record = explained(record, findings(`e${index}`, 5_000), AT);
    expect(JSON.stringify(record).length).toBeLessThan(1_000_000);
  }
});
