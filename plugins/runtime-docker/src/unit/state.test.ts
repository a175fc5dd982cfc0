import { isUnknownExit } from "@damson/plugin-sdk";
import { describe, expect, it } from "vitest";
import { type ContainerState, exitOf, healthOf, isFresh, isRunning } from "./state.ts";

const NEVER = "0001-01-01T00:00:00Z";
const ENDED: ContainerState = {
  Status: "exited",
  Running: false,
  Paused: false,
  Restarting: false,
  OOMKilled: false,
  Dead: false,
  Pid: 0,
  ExitCode: 0,
  Error: "",
  StartedAt: "2026-01-31T12:00:00.5Z",
  FinishedAt: "2026-01-31T12:00:01.123456789Z",
};
const ended = (changes: Partial<ContainerState>) => exitOf({ ...ENDED, ...changes });
const withHealth = (Health: ContainerState["Health"]) =>
  healthOf({ ...ENDED, Running: true, Status: "running", Health });

describe("a container", () => {
  it.each([
    ["running", true, true],
    ["paused", true, true],
    ["restarting", true, true],
    ["exited", false, false],
    ["stopped", false, false],
    ["dead", false, false],
    ["removing", false, false],
  ])("that is %s, and %s to the engine: runs %s", (Status, Running, runs) => {
    const state = { ...ENDED, Status, Running };
    expect([isRunning(state), isFresh(state)]).toEqual([runs, false]);
  });

  it.each(["created", "configured", "initialized", "exited", "stopped"])(
    "that never ran is fresh, also as %s",
    (Status) => {
      const state = { ...ENDED, Status, StartedAt: NEVER, FinishedAt: NEVER };
      expect([isRunning(state), isFresh(state)]).toEqual([false, true]);
    },
  );

  it.each([
    [{ ExitCode: 0 }, { code: 0, signal: null, oom: false, endedAt: "2026-01-31T12:00:01.123Z" }],
    [{ ExitCode: 7 }, { code: 7, signal: null, oom: false }],
    [{ ExitCode: 137 }, { code: 137, signal: "SIGKILL", oom: false }],
    [{ ExitCode: 143 }, { code: 143, signal: "SIGTERM" }],
    [{ ExitCode: 255 }, { code: 255, signal: null }],
    [
      { ExitCode: 137, OOMKilled: true },
      { code: 137, signal: "SIGKILL", oom: true },
    ],
    // A child was ended for want of memory, and the app went on to a good end.
    [
      { ExitCode: 0, OOMKilled: true },
      { code: 0, oom: false },
    ],
    [{ FinishedAt: "2026-01-31T13:00:01+01:00" }, { endedAt: "2026-01-31T12:00:01.000Z" }],
  ])("that has ended so: %j", (state, status) => expect(ended(state)).toMatchObject(status));

  it.each([{ FinishedAt: NEVER }, { FinishedAt: NEVER, ExitCode: 255 }, { FinishedAt: "" }, { FinishedAt: "soon" }])(
    "whose end nobody saw has an unknown status: %j",
    (state) => {
      const status = ended(state);
      expect(isUnknownExit(status)).toBe(true);
      expect(status).toMatchObject({ code: null, endedAt: null, detail: expect.any(String) });
    },
  );
});

describe("the image's own health check", () => {
  const log = (Output: string) => ({ Start: "", End: "", ExitCode: 1, Output });

  it("is none where the engine says so", () => {
    expect(healthOf(ENDED)).toBeUndefined();
    expect(withHealth({ Status: "none", FailingStreak: 0, Log: [] })).toBeUndefined();
    expect(withHealth({ Status: "", FailingStreak: 0, Log: [] })).toBeUndefined();
  });

  it.each([
    ["healthy", [log("fine")], { healthy: true, message: "Running" }],
    ["starting", [], { healthy: false, message: "its health check has not passed yet" }],
    ["unhealthy", [], { healthy: false, message: "its health check fails" }],
    ["unhealthy", [log("")], { healthy: false, message: "its health check fails" }],
    [
      "unhealthy",
      [log("first"), log("curl: trying\ncurl: connection refused\n")],
      { healthy: false, message: "its health check fails: curl: connection refused" },
    ],
  ])("%s", (Status, Log, expected) => expect(withHealth({ Status, FailingStreak: 0, Log })).toEqual(expected));

  it("has a message of bounded length", () => {
    const health = withHealth({ Status: "unhealthy", FailingStreak: 1, Log: [log("x".repeat(5_000))] });
    expect(health?.message.length).toBeLessThan(250);
  });
});
