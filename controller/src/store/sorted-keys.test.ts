import fc from "fast-check";
import { expect, test } from "vitest";
import { SortedKeys } from "./sorted-keys.ts";

const key = fc.string({ minLength: 1, maxLength: 4, unit: fc.constantFrom("a", "b", "B", "/", "-", "~") });
const prefix = fc.oneof(fc.constant(""), key);

test("ranges are those of a sorted list, whatever was added and deleted", () => {
  const steps = fc.array(fc.tuple(fc.boolean(), key), { maxLength: 60 });
  fc.assert(
    fc.property(
      fc.uniqueArray(key),
      steps,
      prefix,
      prefix,
      fc.integer({ min: 1, max: 9 }),
      (first, steps, start, after, limit) => {
        const model = new Set(first);
        const keys = new SortedKeys(first);
        for (const [add, one] of steps) {
          if (!add) keys.delete(one);
          else if (!model.has(one)) keys.add(one);
          if (add) model.add(one);
          else model.delete(one);
        }
        const expected = [...model].filter((one) => one.startsWith(start) && one > after).sort();
        expect(keys.range(start, after, limit)).toEqual(expected.slice(0, limit));
        expect(keys.range(start)).toEqual([...model].filter((one) => one.startsWith(start)).sort());
      },
    ),
  );
});
