import { afterEach, describe, expect, it, vi } from "vitest";
import { ShellRun } from "./fixtures/shell.ts";
import { type Behaviour, BYTES, FLOOD_LINE_BYTES, LONG_LINE_BYTES, program } from "./programs.ts";

const runs: ShellRun[] = [];

function run(does: Behaviour, environment: Record<string, string> = {}): ShellRun {
  const started = new ShellRun(program(does, { environment }));
  runs.push(started);
  return started;
}

async function ready(does: Behaviour): Promise<ShellRun> {
  const started = run(does);
  await vi.waitFor(() => expect(started.printed).toBe("ready\n"), { timeout: 10_000 });
  return started;
}

describe.skipIf(process.platform !== "linux")("the scripts do what they say", () => {
  afterEach(async () => {
    for (const started of runs.splice(0)) await started.killAll();
  });

  it("exits", async () => {
    expect(await run({ kind: "exits", code: 7 }).end()).toEqual({ code: 7, signal: null });
  });

  it("kills-itself", async () => {
    expect(await run({ kind: "kills-itself", signal: "SIGTERM" }).end()).toEqual({ code: null, signal: "SIGTERM" });
    expect(await run({ kind: "kills-itself", signal: "SIGKILL" }).end()).toEqual({ code: null, signal: "SIGKILL" });
  });

  it("runs", async () => {
    const started = await ready({ kind: "runs" });
    expect(await started.processes()).toEqual([started.child.pid]);
    started.child.kill("SIGTERM");
    expect(await started.end()).toEqual({ code: null, signal: "SIGTERM" });
  });

  it.each(["SIGTERM", "SIGINT"] as const)("exits-on %s, and leaves nothing", async (signal) => {
    const started = await ready({ kind: "exits-on", signal, code: 7 });
    started.child.kill(signal);
    expect(await started.end()).toEqual({ code: 7, signal: null });
    await vi.waitFor(async () => expect(await started.processes()).toEqual([]));
  });

  it("ignores-term", async () => {
    const started = await ready({ kind: "ignores-term" });
    started.child.kill("SIGTERM");
    started.child.kill("SIGINT");
    expect(await started.end()).toEqual({ code: null, signal: "SIGINT" });
  });

  it("tree", async () => {
    const started = await ready({ kind: "tree" });
    await vi.waitFor(async () => expect(await started.processes()).toHaveLength(5));
  });

  it("daemonises", async () => {
    const started = await ready({ kind: "daemonises" });
    await vi.waitFor(async () => expect(await started.processes()).toHaveLength(2));
  });

  it("leaves-child", async () => {
    const started = await ready({ kind: "leaves-child" });
    expect(await started.end()).toEqual({ code: 0, signal: null });
    expect(await started.processes()).toHaveLength(1);
  });

  it("prints", async () => {
    const started = run({ kind: "prints", lines: 3 });
    expect(String(await started.stdout)).toBe("out 1\nout 2\nout 3\n");
    expect(String(await started.stderr)).toBe("err 1\nerr 2\nerr 3\n");
  });

  it("prints-bytes", async () => {
    expect(await run({ kind: "prints-bytes" }).stdout).toEqual(BYTES);
  });

  it("prints-long-line", async () => {
    const printed = String(await run({ kind: "prints-long-line" }).stdout);
    expect(printed === `${"x".repeat(LONG_LINE_BYTES)}\nend\n`).toBe(true);
  });

  it("floods", async () => {
    const lines = String(await run({ kind: "floods", lines: 2_000 }).stdout).split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.map(Number)).toEqual(lines.map((_, index) => index + 1));
    expect(new Set(lines.map((line) => line.length + 1))).toEqual(new Set([FLOOD_LINE_BYTES]));
    expect(lines).toHaveLength(2_000);
  });

  it("counts", async () => {
    const started = run({ kind: "counts" });
    await vi.waitFor(() => expect(started.printed).toMatch(/^1\n2\n3\n4\n5\n/));
    started.child.kill("SIGTERM");
    expect(await started.end()).toEqual({ code: null, signal: "SIGTERM" });
  });

  it("talks", async () => {
    const started = await ready({ kind: "talks" });
    for (const printed of ["ready\nsaid 1\n", "ready\nsaid 1\nsaid 2\n", "ready\nsaid 1\nsaid 2\nsaid 3\n"]) {
      started.child.kill("SIGUSR1");
      await vi.waitFor(() => expect(started.printed).toBe(printed));
    }
  });

  it("prints-environment", async () => {
    const started = run({ kind: "prints-environment" }, { GREETING: "a 'quote' and $HOME", EMPTY: "" });
    const printed = String(await started.stdout).split("\n");
    expect(printed).toEqual(expect.arrayContaining(["GREETING=a 'quote' and $HOME", "EMPTY="]));
  });

  it("busy", async () => {
    const started = await ready({ kind: "busy" });
    started.child.kill("SIGTERM");
    expect(await started.end()).toEqual({ code: null, signal: "SIGTERM" });
  });

  it("eats-memory ends by itself where nothing limits it", async () => {
    expect(await run({ kind: "eats-memory" }).end()).toEqual({ code: 0, signal: null });
  });
});
