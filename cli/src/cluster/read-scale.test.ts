import { expect, it } from "vitest";
import { readScale } from "./read-scale.ts";

it.each([
  ["5", { replicas: 5 }],
  ["0", { replicas: 0 }],
  ["nodeA=2 nodeB=1", { replicas: { nodeA: 2, nodeB: 1 } }],
  ["api:5 worker:2", { entries: { api: 5, worker: 2 } }],
  ["api:nodeA=1 api:nodeB=2", { entries: { api: { nodeA: 1, nodeB: 2 } } }],
  ["__proto__:3", { entries: JSON.parse('{ "__proto__": 3 }') }],
])("reads %s", (words, expected) => {
  expect(readScale(words.split(" "))).toEqual(expected);
});

it.each(["many", "-1", "nodeA=", "=3", ":3", "5 6", "5 nodeA=1", "nodeA=1 5", "5 api:1", "1.5"])(
  "refuses %s",
  (words) => {
    expect(() => readScale(words.split(" "))).toThrow(expect.objectContaining({ code: "USAGE", exitCode: 2 }));
  },
);
