import { expect, test, vi } from "vitest";
import { eventually } from "../fixtures/eventually.ts";
import { ManualClock } from "./fixtures/manual-clock.ts";
import { commit, contents, openStore } from "./fixtures/open-store.ts";
import { temporaryDirectory } from "./fixtures/temporary-directory.ts";

test("while the process stands still no lease runs out", async () => {
  const clock = new ManualClock();
  const { store } = await openStore({ directory: await temporaryDirectory(), clock });
  const lease = await store.grantLease(15_000);
  await commit(store, { put: "nodes/a", value: 1, lease });
  clock.advance(10_000);
  clock.stall(60_000);
  clock.advance(4_000);
  expect(await store.renewLease(lease)).toBe(true);
  clock.advance(14_000);
  expect(await contents(store)).toEqual({ "nodes/a": 1 });
  clock.advance(2_000);
  await eventually(async () => expect(await contents(store)).toEqual({}));
});

test("five thousand leases end together, each as a change of its own, by one timer", async () => {
  const clock = new ManualClock();
  const every = vi.spyOn(clock, "every");
  const { store } = await openStore({ directory: await temporaryDirectory(), clock });
  const leases = await Promise.all(Array.from({ length: 5_000 }, () => store.grantLease(15_000)));
  await Promise.all(leases.map((lease, index) => commit(store, { put: `nodes/${index}`, value: 1, lease })));
  const kept = leases.slice(0, 10);
  clock.advance(10_000);
  await Promise.all(kept.map((lease) => store.renewLease(lease)));
  const { revision } = await store.list("");
  clock.advance(6_000);
  await eventually(async () => expect((await store.list("nodes/")).entries).toHaveLength(kept.length));
  expect((await store.list("")).revision).toBe(revision + 5_000 - kept.length);
  expect(every).toHaveBeenCalledOnce();
});

test("a lease that is renewed while its end waits to be written goes on", async () => {
  const clock = new ManualClock();
  const { store } = await openStore({ directory: await temporaryDirectory(), clock });
  const lease = await store.grantLease(1_000);
  await commit(store, { put: "a", value: 1, lease });
  clock.advance(2_000);
  expect(await store.renewLease(lease)).toBe(true);
  expect(await contents(store)).toEqual({ a: 1 });
});
