import { expect, test } from "vitest";
import { progressText } from "./progress-text.ts";

test.each([
  [{ step: "unpacking" }, "unpacking"],
  [{ step: "pulling shop:v1", done: 0, total: 0 }, "pulling shop:v1"],
  [{ step: "pulling shop:v1", done: 5 }, "pulling shop:v1"],
  [{ step: "pulling shop:v1", done: 0, total: 3 }, "pulling shop:v1 (0 %)"],
  [{ step: "pulling shop:v1", done: 2, total: 3 }, "pulling shop:v1 (66 %)"],
  [{ step: "pulling shop:v1", done: 4, total: 3 }, "pulling shop:v1 (100 %)"],
])("%o is told as %s", (progress, text) => expect(progressText(progress)).toBe(text));
