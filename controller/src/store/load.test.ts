import { expect, test } from "vitest";
import { commit, openStore } from "./fixtures/open-store.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";

const OBJECTS = 20_000;
const AT_ONCE = 100;
// What it takes on a quiet machine is in docs/benchmarks.md; tests run beside others.
const PATIENCE = 4;

test(`${OBJECTS} objects are loaded in two seconds, from documents and from the journal`, {
  timeout: 120_000,
}, async () => {
  const directory = await temporaryDirectory();
  const first = await openStore({ directory, journalBytes: 64 * 1_048_576 });
  const value = { app: "web.api", version: "v1.2.3", desired: "Running", environment: "x".repeat(800) };
  await Promise.all(
    Array.from({ length: OBJECTS / AT_ONCE }, (_, group) =>
      commit(
        first.store,
        ...Array.from({ length: AT_ONCE }, (_, index) => ({
          put: `assignments/node-${group}/web.api-${index}`,
          value,
        })),
      ),
    ),
  );
  await first.close();
  for (const where of ["documents", "documents again"]) {
    const start = performance.now();
    const { store, damaged, close } = await openStore({ directory });
    const took = performance.now() - start;
    expect(damaged).toEqual([]);
    expect((await store.list("assignments/")).entries).toHaveLength(OBJECTS);
    expect(took, where).toBeLessThan(PATIENCE * 2_000);
    await close();
  }
});
