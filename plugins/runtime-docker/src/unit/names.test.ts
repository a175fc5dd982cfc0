import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { containerName, earlierName, networkName, secondName } from "./names.ts";

/** As the contract allows them. */
const instanceId = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,79}$/);
const app = fc.stringMatching(/^[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?$/);
const owner = fc.oneof(fc.string({ minLength: 1, maxLength: 20 }), fc.uuid());
const run = fc.integer({ min: 1, max: 1_000_000 });
const unit = fc.record({ owner, instanceId });
/** Some that look like parts of names. */
const alike = fc.constantFrom(
  ...["a", "a.o1", "a.r1", "a-1", "a.o6ca13d52.r1"].flatMap((id) =>
    ["x", "y"].map((who) => ({ owner: who, instanceId: id })),
  ),
);
const anyUnit = fc.oneof(unit, alike);

describe("names of containers", () => {
  it("are another for every instance, owner and run", () => {
    fc.assert(
      fc.property(anyUnit, anyUnit, run, run, (a, b, runA, runB) => {
        const isSame = a.instanceId === b.instanceId;
        const isSameUnit = isSame && a.owner === b.owner;
        // The usual name is without the owner: where another has it, the second one is taken.
        expect(containerName(a) === containerName(b)).toBe(isSame);
        expect(secondName(a) === secondName(b)).toBe(isSameUnit);
        expect(earlierName(a, runA) === earlierName(b, runB)).toBe(isSameUnit && runA === runB);
        expect([secondName(b), earlierName(b, runB)]).not.toContain(containerName(a));
        expect(earlierName(b, runB)).not.toBe(secondName(a));
      }),
      { numRuns: 500 },
    );
  });

  it("are ones that engines take", () => {
    fc.assert(
      fc.property(anyUnit, app, run, (one, name, number) => {
        const all = [containerName(one), secondName(one), earlierName(one, number), networkName(one.owner, name)];
        for (const each of all) expect(each).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,127}$/);
      }),
    );
  });

  it("begin as Plum's users know them", () => {
    expect(containerName({ owner: "a1", instanceId: "shop-0" })).toBe("plum-app-shop-0");
  });
});

describe("names of networks", () => {
  it("are another for every app and owner", () => {
    fc.assert(
      fc.property(owner, owner, app, app, (ownerA, ownerB, appA, appB) => {
        expect(networkName(ownerA, appA) === networkName(ownerB, appB)).toBe(ownerA === ownerB && appA === appB);
      }),
      { numRuns: 300 },
    );
  });
});
