import type { Runtime, RuntimeHealth } from "@damson/plugin-sdk";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { Channel } from "./channel.ts";
import { ScriptedEngine, ScriptedRuntime } from "./fixtures/scripted-runtime.ts";
import { RuntimeChecks } from "./runtime-checks.ts";

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const publish = vi.fn();
const changed = vi.fn();
const GONE: RuntimeHealth = { usable: false, reason: "no engine", remedy: "Start it." };

let engine: ScriptedEngine;
let runtime: ScriptedRuntime;
let checks: RuntimeChecks;

beforeEach(() => {
  vi.clearAllMocks();
  engine = new ScriptedEngine();
  runtime = new ScriptedRuntime(engine, "docker");
  checks = new RuntimeChecks({ log, publish, changed });
  onTestFinished(() => checks.endAll());
});

async function isUsable(usable: boolean): Promise<void> {
  await vi.waitFor(() => expect(checks.of("docker")?.usable).toBe(usable));
}

test("what goes is warned of, and told of when it returns", async () => {
  checks.begin(runtime);
  await isUsable(true);
  expect(checks.unusable(runtime)).toBeUndefined();
  engine.turn("no engine");
  await isUsable(false);
  expect(checks.unusable(runtime)).toBe("no engine");
  expect(log.warn.mock.calls).toEqual([[expect.anything(), "docker: cannot be used any more: no engine"]]);
  engine.turn(undefined);
  await isUsable(true);
  expect(log.info.mock.calls).toEqual([[expect.anything(), "docker: can be used again"]]);
  expect(publish.mock.calls).toEqual([
    [{ type: "runtime.unavailable", runtime: "docker", message: "no engine" }],
    [{ type: "runtime.available", runtime: "docker", message: "it is usable" }],
  ]);
  expect(changed).toHaveBeenCalledTimes(3);
});

test("what never was usable is one line at info, whatever it goes on to say", async () => {
  engine.turn("no engine");
  checks.begin(runtime);
  await isUsable(false);
  engine.turn("still no engine");
  await vi.waitFor(() => expect(checks.of("docker")?.reason).toBe("still no engine"));
  expect(log.info.mock.calls).toEqual([[expect.anything(), "docker: no engine"]]);
  expect(log.warn).not.toHaveBeenCalled();
  expect(publish).not.toHaveBeenCalled();
});

test("an answer that took longer than the news is out of date", async () => {
  const answer = Promise.withResolvers<RuntimeHealth>();
  vi.spyOn(runtime, "check").mockReturnValue(answer.promise);
  engine.turn("no engine");
  checks.begin(runtime);
  await isUsable(false);
  answer.resolve({ usable: true });
  await answer.promise;
  expect(checks.of("docker")).toEqual({ usable: false, reason: "no engine", remedy: "Start the engine." });
});

test("a check that gives no answer is made again", async () => {
  const silent: Runtime = Object.defineProperty(runtime, "health", { value: undefined });
  runtime.fail.check = new Error("timed out");
  checks.begin(silent);
  await vi.waitFor(() => expect(checks.of("docker")).toEqual({ usable: false, reason: "timed out" }));
  delete runtime.fail.check;
  await isUsable(true);
});

describe("a subscription", () => {
  test.each(["fails", "ends"])("that %s is made again, and what it missed is asked for", async (how) => {
    const first = new Channel<RuntimeHealth>();
    const health = vi.spyOn(runtime, "health").mockImplementationOnce(() => first.read());
    vi.spyOn(runtime, "check").mockResolvedValueOnce({ usable: true }).mockResolvedValue(GONE);
    checks.begin(runtime);
    await isUsable(true);
    if (how === "fails") first.fail(new Error("stream cut"));
    else first.close();
    // The second one never says anything.
    health.mockImplementation(() => new Channel<RuntimeHealth>().read());
    await isUsable(false);
    expect(health).toHaveBeenCalledTimes(2);
    const reason = how === "fails" ? "stream cut" : "it has stopped telling of its health";
    expect(log.warn.mock.calls[0]).toEqual([{ runtime: "docker" }, `docker: ${reason}`]);
  });

  test("ends with the runtime", async () => {
    const signals: AbortSignal[] = [];
    vi.spyOn(runtime, "health").mockImplementation((signal) => {
      signals.push(signal);
      return new Channel<RuntimeHealth>().read();
    });
    checks.begin(runtime);
    checks.end("docker");
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(checks.of("docker")).toBeUndefined();
  });
});
