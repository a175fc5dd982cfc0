import fc from "fast-check";
import { expect, it } from "vitest";
import { Heap } from "./heap.ts";

interface Item {
  value: number;
}

function heapOf(values: readonly number[]): Heap<Item> {
  return new Heap(
    values.map((value) => ({ value })),
    (a, b) => a.value > b.value,
  );
}

it("gives the best item, then the next best", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (values) => {
      const heap = heapOf(values);
      const given = values.map(() => {
        const value = heap.best?.value;
        heap.dropBest();
        return value;
      });
      expect(given).toEqual(values.toSorted((a, b) => b - a));
      expect(heap.best).toBeUndefined();
    }),
  );
});

it("finds the best again when the best has become worse", () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.array(fc.nat()), (values, falls) => {
      const heap = heapOf(values);
      const left = [...values];
      for (const fall of falls) {
        const { best } = heap;
        expect(best?.value).toBe(Math.max(...left));
        if (best === undefined) continue;
        left[left.indexOf(best.value)] = best.value - fall;
        best.value -= fall;
        heap.bestChanged();
      }
    }),
  );
});
