import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applySpec, deleted, newDocument, restarted, rollbackSpec, started, stopped } from "./changes.ts";
import type { AppDocument, InstanceRecord } from "./document.ts";
import { type InstanceView, planAll, planDeadline } from "./plan.ts";
import type { AppSpec } from "./schema/apply.ts";

const NOW = new Date("2026-01-01T00:00:00Z");
const HEALTHY: InstanceView = { healthy: true };
const UNPROVEN: InstanceView = { healthy: false };

function spec(version: string, extra: Partial<AppSpec> = {}): AppSpec {
  return { app: "shop", version, pkg: { type: "binary" }, ...extra };
}

function rolling(version: string, instances: number): AppSpec {
  return spec(version, { instances, update: { strategy: "rolling", healthy_within: "60s" } });
}

/** Plans with a view per instance; ids count up. */
function planned(document: AppDocument, views: Record<string, InstanceView> = {}, now = NOW): AppDocument {
  let next = document.instances.length + 1;
  while (document.instances.some((record) => record.instance_id === `shop-${next}`)) next += 1;
  return planAll(document, {
    now,
    view: (id) => views[id] ?? UNPROVEN,
    newInstanceId: (app) => `${app}-${next++}`,
  });
}

function shape(document: AppDocument): string[] {
  return document.instances.map((record) => `${record.instance_id} r${record.revision} ${record.target}`);
}

/** What the supervisors do to what is to be removed. */
function withoutRemoved(document: AppDocument): AppDocument {
  return { ...document, instances: document.instances.filter((record) => record.target !== "removed") };
}

function withRecord(document: AppDocument, id: string, change: Partial<InstanceRecord>): AppDocument {
  return {
    ...document,
    instances: document.instances.map((record) => (record.instance_id === id ? { ...record, ...change } : record)),
  };
}

describe("plan", () => {
  test("makes as many instances as are declared", () => {
    expect(shape(planned(newDocument(spec("1", { instances: 2 }), NOW)))).toEqual([
      "shop-1 r1 running",
      "shop-2 r1 running",
    ]);
  });

  test("comes to rest: what is planned needs no further plan", () => {
    const document = planned(newDocument(spec("1", { instances: 2 }), NOW));
    expect(planned(document)).toBe(document);
  });

  test("scales down by removing the newest, and up by adding", () => {
    const three = planned(newDocument(spec("1", { instances: 3 }), NOW));
    const one = planned(applySpec(three, spec("1", { instances: 1 }), NOW));
    expect(shape(one)).toEqual(["shop-1 r2 running", "shop-2 r1 removed", "shop-3 r1 removed"]);
    const two = planned(applySpec(withoutRemoved(one), spec("1", { instances: 2 }), NOW));
    expect(shape(two)).toEqual(["shop-1 r3 running", "shop-2 r3 running"]);
  });

  test("stop, start and delete set the targets", () => {
    const running = planned(newDocument(spec("1"), NOW));
    const halted = planned(stopped(running));
    expect(shape(halted)).toEqual(["shop-1 r1 stopped"]);
    expect(shape(planned(started(halted)))).toEqual(["shop-1 r1 running"]);
    expect(shape(planned(deleted(running)))).toEqual(["shop-1 r1 removed"]);
  });

  test("an app that is applied again while it is deleted gets new instances", () => {
    const going = planned(deleted(planned(newDocument(spec("1"), NOW))));
    const back = planned(applySpec(going, spec("1"), NOW));
    expect(shape(back)).toEqual(["shop-1 r1 removed", "shop-2 r1 running"]);
  });

  test("the same spec again is no change, in whatever order its fields are written", () => {
    const document = planned(newDocument(spec("1", { labels: { a: "1", b: "2" } }), NOW));
    expect(applySpec(document, spec("1", { labels: { b: "2", a: "1" } }), NOW)).toBe(document);
  });

  test("restart leaves the intent of the run, which makes it stale", () => {
    const document = restarted(planned(newDocument(spec("1"), NOW)));
    expect([document.nonce, document.instances[0]?.intent.nonce]).toEqual([1, 0]);
  });

  test("recreate moves the instances in place and gives those that had ended a new chance", () => {
    const ended = withRecord(planned(newDocument(spec("1"), NOW)), "shop-1", {
      ended: { phase: "exited", final: true, success: false },
      failures: 4,
      deaths: [NOW.toISOString()],
    });
    const moved = planned(applySpec(ended, spec("2"), NOW));
    expect(moved.instances).toMatchObject([
      { instance_id: "shop-1", revision: 2, failures: 0, deaths: [], intent: { run: 1, revision: 1 } },
    ]);
    expect(moved.instances[0]?.ended).toBeUndefined();
  });

  test("keeps the last 5 versions and those that are in use", () => {
    let document = planned(newDocument(spec("1"), NOW));
    for (const version of ["2", "3", "4", "5", "6", "7"]) document = planned(applySpec(document, spec(version), NOW));
    expect(document.revisions.map((revision) => revision.spec.version)).toEqual(["7", "6", "5", "4", "3", "1"]);
  });
});

describe("a rolling update", () => {
  const before = planned(newDocument(rolling("1", 2), NOW));

  test("starts a new instance, waits until it is healthy, removes an old one, one at a time", () => {
    let document = planned(applySpec(before, rolling("2", 2), NOW));
    expect(shape(document)).toEqual(["shop-1 r1 running", "shop-2 r1 running", "shop-3 r2 running"]);
    expect(planned(document)).toBe(document);

    document = planned(document, { "shop-3": HEALTHY });
    expect(shape(document)).toEqual([
      "shop-1 r1 removed",
      "shop-2 r1 running",
      "shop-3 r2 running",
      "shop-4 r2 running",
    ]);
    document = planned(withoutRemoved(document), { "shop-3": HEALTHY, "shop-4": HEALTHY });
    expect(shape(document)).toEqual(["shop-2 r1 removed", "shop-3 r2 running", "shop-4 r2 running"]);
    expect(document.update).toMatchObject({ state: "done", from: 1, to: 2 });
  });

  test("keeps the old instances when the new one dies, and says why", () => {
    const updating = planned(applySpec(before, rolling("2", 2), NOW));
    const failed = planned(updating, {
      "shop-3": { healthy: false, trouble: "exited with code 7" },
      "shop-1": HEALTHY,
      "shop-2": HEALTHY,
    });
    expect(shape(failed)).toEqual(["shop-1 r1 running", "shop-2 r1 running", "shop-3 r2 retired"]);
    expect(failed.current).toBe(1);
    expect(failed.update).toMatchObject({ state: "failed", reason: "shop-3: exited with code 7" });
  });

  test("a version that failed is passed over by a rollback, and takes no place of one that ran", () => {
    let document = planned(applySpec(before, rolling("2", 2), NOW), { "shop-3": HEALTHY });
    document = planned(withoutRemoved(document), { "shop-3": HEALTHY, "shop-4": HEALTHY });
    document = withoutRemoved(document);
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const views = { "shop-3": HEALTHY, "shop-4": HEALTHY };
      const trying = planned(applySpec(document, rolling(`bad-${attempt}`, 2), NOW), views);
      const newest = trying.instances.at(-1)?.instance_id ?? "";
      const failed = planned(trying, { ...views, [newest]: { healthy: false, trouble: "exited with code 3" } });
      expect(failed).toMatchObject({ current: 2, update: { state: "failed" } });
      document = { ...failed, instances: failed.instances.filter((record) => record.target === "running") };
    }
    const versions = planned(document).revisions.map((revision) => [revision.spec.version, revision.failed]);
    expect(versions).toEqual([
      ["bad-7", true],
      ["bad-6", true],
      ["bad-5", true],
      ["2", undefined],
      ["1", undefined],
    ]);
    const next = planned(applySpec(document, rolling("3", 2), NOW));
    expect(rollbackSpec(next).version).toBe("2");
  });

  test("fails when a new instance is not healthy in time, counted from when this agent has watched it", () => {
    const updating = planned(applySpec(before, rolling("2", 2), NOW));
    const late = new Date(NOW.getTime() + 61_000);
    const handle = { owner: "o", instanceId: "shop-3", run: 1, unit: {}, startedAt: NOW.toISOString(), data: {} };
    const running = withRecord(updating, "shop-3", { handle });
    expect(planDeadline(running, () => UNPROVEN)).toBeUndefined();
    expect(planned(running, {}, late).current).toBe(2);
    const watched = { healthy: false, watchedSince: NOW };
    expect(planDeadline(running, () => watched)).toEqual(new Date(NOW.getTime() + 60_000));
    expect(planned(running, { "shop-3": watched }, late)).toMatchObject({
      current: 1,
      update: { reason: "shop-3: not healthy within 60 s" },
    });
    const complaint = "its health check fails: no database";
    expect(planned(running, { "shop-3": { ...watched, complaint } }, late)).toMatchObject({
      update: { reason: `shop-3: not healthy within 60 s: ${complaint}` },
    });
  });

  test("rolls back the instances that had been replaced already", () => {
    const half = planned(planned(applySpec(before, rolling("2", 2), NOW)), { "shop-3": HEALTHY });
    const views = { "shop-2": HEALTHY, "shop-3": HEALTHY, "shop-4": { healthy: false, trouble: "exited with code 1" } };
    const back = planned(withoutRemoved(half), views);
    expect(shape(back)).toEqual(["shop-2 r1 running", "shop-3 r2 running", "shop-4 r2 retired", "shop-5 r1 running"]);
    expect(back).toMatchObject({ current: 1, update: { state: "in_progress", reason: "shop-4: exited with code 1" } });
    const done = planned(back, { "shop-2": HEALTHY, "shop-5": HEALTHY });
    expect(shape(withoutRemoved(done))).toEqual(["shop-2 r1 running", "shop-4 r2 retired", "shop-5 r1 running"]);
    expect(done.update?.state).toBe("failed");
  });

  test("restarts nothing when only labels change", () => {
    const relabelled = planned(applySpec(before, { ...rolling("1", 2), labels: { team: "a" } }, NOW), {
      "shop-1": HEALTHY,
      "shop-2": HEALTHY,
    });
    expect(shape(relabelled)).toEqual(["shop-1 r2 running", "shop-2 r2 running"]);
    expect(relabelled.update?.state).toBe("done");
  });

  test("the next change removes what was retired", () => {
    const updating = planned(applySpec(before, rolling("2", 2), NOW));
    const failed = planned(updating, {
      "shop-3": { healthy: false, trouble: "x" },
      "shop-1": HEALTHY,
      "shop-2": HEALTHY,
    });
    expect(shape(planned(applySpec(failed, rolling("3", 2), NOW)))).toContain("shop-3 r2 removed");
  });

  test("whatever comes, it never runs more than one instance too many nor, once complete, one too few", () => {
    const step = fc.record({
      version: fc.constantFrom("1", "2", "3"),
      apply: fc.boolean(),
      count: fc.integer({ min: 0, max: 4 }),
      views: fc.array(fc.constantFrom<InstanceView>(HEALTHY, UNPROVEN, { healthy: false, trouble: "died" }), {
        minLength: 8,
        maxLength: 8,
      }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let id = 0;
        let document = newDocument(rolling("1", 2), NOW);
        for (const { version, apply, count, views } of steps) {
          const declared = apply ? applySpec(document, rolling(version, count), NOW) : document;
          const most = Math.max(...declared.revisions.map((revision) => revision.spec.instances ?? 1));
          document = planAll(declared, {
            now: NOW,
            view: (instance) => views[Number(instance.slice(5)) % views.length] ?? UNPROVEN,
            newInstanceId: (app) => `${app}-${id++}`,
          });
          const target =
            document.revisions.find((revision) => revision.revision === document.current)?.spec.instances ?? 0;
          const live = document.instances.filter((record) => record.target === "running");
          expect(live.length).toBeLessThanOrEqual(most + 1);
          if (document.update?.state !== "in_progress") expect(live.length).toBe(target);
          expect(new Set(document.instances.map((record) => record.instance_id)).size).toBe(document.instances.length);
          document = withoutRemoved(document);
        }
      }),
      { numRuns: 300 },
    );
  });
});
