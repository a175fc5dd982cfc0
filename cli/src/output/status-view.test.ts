import type { AppStatus, StatusList } from "@damson/client";
import picocolors from "picocolors";
import { expect, it } from "vitest";
import { statusList, statusOfApp } from "./status-view.ts";

const colors = picocolors.createColors(false);
const REASON = "cannot be seen: the container engine at /var/run/docker.sock does not run; last known running";

function app(more: Partial<AppStatus> = {}): AppStatus {
  const phase = more.phase ?? "running";
  const health = { level: 0, msg: more.reason ?? "Running, not yet proven healthy" };
  const instance: AppStatus["instances"][number] = {
    instance_id: "tick-60b02a04",
    version: "v1",
    phase,
    ...(more.reason === undefined ? {} : { reason: more.reason }),
    run: 1,
    restarts: 0,
    health,
    crash_looping: false,
  };
  return {
    app: "tick",
    version: "v1",
    status: "running",
    healthy: health,
    updated: new Date().toISOString(),
    phase,
    desired: "running",
    runtime: "docker",
    replicas: 1,
    restarts: 0,
    crash_looping: false,
    labels: {},
    instances: [instance],
    ...more,
  };
}

function list(...apps: AppStatus[]): StatusList {
  return { apps, damaged: [] };
}

/** What stands in HEALTH of the only app. */
function healthCell(one: AppStatus): string | undefined {
  return statusList(list(one), colors).split("\n")[1]?.split(/ {2,}/)[3];
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

it.each([
  ["running", "Unknown"],
  ["unhealthy", "Unhealthy"],
  ["backoff", "-"],
  ["failed", "-"],
] as const)("says what is wrong with an app that is %s once, below REASON", (phase, word) => {
  const one = app({ phase, reason: REASON });
  expect(healthCell(one)).toBe(word);
  expect(count(statusList(list(one), colors), REASON)).toBe(1);
});

it("shows a health that no other column tells", () => {
  expect(healthCell(app())).toBe("Running, not yet proven healthy");
  expect(healthCell(app({ phase: "pending", healthy: { level: 0, msg: "pending" } }))).toBe("-");
  expect(healthCell(app({ healthy: { level: 100, msg: "Running" } }))).toBe("Running");
});

it("counts the healthy ones of several instances, and leaves the sentence to REASON", () => {
  const { instances } = app();
  const healthy = { level: 50, msg: `1 of 2 instances healthy; tick-60b02a04: ${REASON}` };
  const one = app({ reason: REASON, healthy, replicas: 2, instances: [...instances, ...instances] });
  expect(healthCell(one)).toBe("1 of 2 instances healthy");
  expect(count(statusOfApp(one, colors, 100), REASON)).toBe(1);
});

it("cuts reasons to the width of a terminal, and nowhere else", () => {
  const one = app({ reason: REASON });
  const text = statusList(list(one), colors, 100);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBe(100);
  expect(text).toMatch(/cannot be seen: .*…$/);
  expect(statusList(list(one), colors)).toContain(REASON);
});

it("says the reason of one app once in full, above its instances", () => {
  const text = statusOfApp(app({ reason: REASON }), colors, 100);
  expect(count(text, REASON)).toBe(1);
  expect(text).toContain(`\n  reason    ${REASON}\n`);
  expect(text).toContain("\n  health    Unknown\n");
  expect(text).toMatch(/\ntick-60b02a04 .* cannot be seen.*…$/);
});

it("does not repeat the reason of a failed update", () => {
  const update = {
    state: "failed",
    from_version: "v1",
    to_version: "v2",
    reason: "exited with code 3",
    at: new Date().toISOString(),
  } as const;
  const reason = "the update to v2 failed and was taken back: exited with code 3";
  const healthy = { level: 100, msg: "Running" };
  const text = statusOfApp({ ...app(), healthy, reason, update }, colors);
  expect(count(text, "exited with code 3")).toBe(1);
  expect(text).toContain("v1 to v2: failed\n");
});

it("tells how the agent stands with its controller", () => {
  const controller = { url: "http://c:8080", state: "connected" as const, queued_statuses: 0, left: [] };
  const lines = (more: object) => {
    const text = statusList({ ...list(), controller: { ...controller, ...more } }, colors);
    return text.split("\n").slice(1);
  };
  expect(lines({})).toEqual(["Controller http://c:8080: connected"]);
  expect(lines({ state: "connecting", reason: "no route", queued_statuses: 3, waiting: true })).toEqual([
    "Controller http://c:8080: connecting, last heard never, 3 statuses wait, what is assigned and does not run waits for it: no route",
  ]);
  expect(lines({ left: ["d1-0000000a"] })[1]).toBe(
    "Of another controller, and kept until you delete them: d1-0000000a",
  );
});

it("says of which deployment an app is", () => {
  const assignment = { instance_id: "tick", app: "clock", deployment: "clocks", deployment_id: "d1", spec_version: 4 };
  expect(statusOfApp(app({ assignment }), colors)).toContain("assigned  clock of the deployment clocks, its version 4");
  const list = statusList({ apps: [app({ assignment }), app({ app: "own" })], damaged: [] }, colors);
  expect(list).toMatch(/^APP +DEPLOYMENT +VERSION /);
  expect(list).toMatch(/^\S+ +clocks +v/m);
  expect(list).toMatch(/^own +- +v/m);
});
