import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readStat } from "../process/identity.ts";
import { type Spawned, spawner } from "./spawner.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "damson-spawner-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Runs lines of a shell in the directory. */
function run(lines: string, environment: Readonly<Record<string, string>> = {}): Spawned {
  return spawner.spawn({ file: "/bin/sh", args: ["-c", lines], cwd: directory, environment });
}

async function ended(process: Spawned): Promise<void> {
  if (!process.ended.aborted) await once(process.ended, "abort");
}

async function written(name: string): Promise<string> {
  return vi.waitFor(() => {
    const text = readFileSync(join(directory, name), "utf8");
    expect(text).toMatch(/\n$/);
    return text.trim();
  });
}

describe("the spawner", () => {
  it("starts a process with its own session, its directory, and only the environment that was asked for", async () => {
    const process = run('cp "/proc/$$/environ" environ; echo "$$ $(cut -d " " -f 6 /proc/$$/stat)" > ids', {
      KEY: "value",
    });
    await ended(process);
    expect(process.error).toBeUndefined();
    const [pid, session] = (await written("ids")).split(" ");
    expect(session).toBe(pid);
    expect(readFileSync(join(directory, "environ"), "utf8").split("\0").filter(Boolean)).toEqual(["KEY=value"]);
  });

  it("kills what it is asked to kill", async () => {
    const process = run("echo $$ > pid; exec sleep 100");
    const pid = Number(await written("pid"));
    process.kill();
    await ended(process);
    expect(readStat(pid)).toBeUndefined();
  });

  it("tells why a process could not be started", async () => {
    const absent = spawner.spawn({ file: "/absent/program", args: [], cwd: "/", environment: {} });
    await ended(absent);
    expect(absent.error).toContain("ENOENT");
    const tooLong = run(`# ${"x".repeat(4_000_000)}`);
    await ended(tooLong);
    expect(tooLong.error).toContain("E2BIG");
  });

  it("takes another helper when its own was killed, and what it had started goes on", async () => {
    const orphan = run("echo $$ > pid; exec sleep 100");
    const pid = Number(await written("pid"));
    const helper = readStat(pid)?.ppid ?? 0;
    process.kill(helper, "SIGKILL");
    await ended(orphan);
    expect(orphan.error).toBeUndefined();
    expect(readStat(pid)).toBeDefined();
    process.kill(pid, "SIGKILL");
    await ended(run("echo again > again"));
    expect(await written("again")).toBe("again");
  });
});
