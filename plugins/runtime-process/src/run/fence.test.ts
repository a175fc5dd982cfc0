import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pidsOf } from "../fixtures/proc.ts";
import { OWNER, TestRuntime } from "../fixtures/test-runtime.ts";
import { Layout } from "../layout.ts";
import { bootId } from "../process/identity.ts";
import { launch } from "./launch.ts";
import { readRecord } from "./record.ts";
import { StatusBoard } from "./status-board.ts";

let test: TestRuntime;
beforeEach(() => {
  test = new TestRuntime();
});
afterEach(() => test.dispose());

/** Starts the shim of a run as an agent does that has died meanwhile. */
function lateShim(board: StatusBoard, instanceId: string, ran: string) {
  return launch(board, {
    name: `${instanceId}.1`,
    record: test.path("status", `${instanceId}.1`),
    command: ["/usr/bin/touch", ran],
    cwd: "/",
    environment: {},
    stdout: "/dev/null",
    stderr: "/dev/null",
    joins: [],
    oomFile: undefined,
  });
}

function record(words: string): string {
  return `${words.padEnd(118)}${(words.split(" ")[0] ?? "").padStart(9)}\n`;
}

describe("a start that was cut short", () => {
  it("before the shim claimed the run is gone, and a shim that comes later starts nothing", async () => {
    const instance = test.script("true");
    expect(await test.runtime.recover(instance, undefined)).toEqual({ state: "gone" });
    const board = new StatusBoard(test.path("status"));
    const ran = test.path("ran");
    await expect(lateShim(board, instance.instanceId, ran)).rejects.toMatchObject({ code: "START_FAILED" });
    board.close();
    expect(existsSync(ran)).toBe(false);
    expect(await test.open().recover(instance, undefined)).toEqual({ state: "gone" });
  });

  it("after the shim claimed the run, and died, is gone, and what it left is killed", async () => {
    const instance = test.script("true");
    const marker = new Layout(realpathSync(test.directory), OWNER).marker(OWNER, instance.instanceId, 1);
    const left = spawn("sleep", ["100"], {
      env: { PATH: process.env.PATH, DAMSON_RUN: marker },
      stdio: "ignore",
      detached: true,
    });
    await once(left, "spawn");
    const dead = spawn("true");
    await once(dead, "exit");
    writeFileSync(
      test.path("status", `${instance.instanceId}.1`),
      record(`claimed - - ${dead.pid} 1 - - ${bootId()} ${Date.now()}`),
    );
    const ended = once(left, "exit");
    expect(await test.runtime.recover(instance, undefined)).toEqual({ state: "gone" });
    expect(await ended).toEqual([null, "SIGKILL"]);
    expect(readRecord(test.path("status", `${instance.instanceId}.1`))).toMatchObject({ state: "void" });
  });

  it("may be tried again", async () => {
    const instance = test.script("exit 4");
    expect(await test.runtime.recover(instance, undefined)).toEqual({ state: "gone" });
    expect(await test.exit(await test.run(instance))).toMatchObject({ code: 4 });
  });
});

describe("a claim that is just being decided", () => {
  it("is waited for", async () => {
    const instance = test.script("true");
    const path = test.path("status", `${instance.instanceId}.1`);
    const sleeper = spawn("sleep", ["100"], { stdio: "ignore" });
    await once(sleeper, "spawn");
    const stat = readFileSync(`/proc/${sleeper.pid}/stat`, "utf8").split(" ");
    const shim = `${sleeper.pid} ${stat[21]}`;
    writeFileSync(path, record(`claimed - - ${shim} - - ${bootId()} ${Date.now()}`));
    const recovering = test.runtime.recover(instance, undefined);
    writeFileSync(path, record(`running - - ${shim} ${shim} ${bootId()} ${Date.now()}`));
    expect(await recovering).toMatchObject({ state: "adopted", handle: { unit: { pid: sleeper.pid } } });
    sleeper.kill("SIGKILL");
    await once(sleeper, "exit");
  });
});

it("two starts of one run make one unit", async () => {
  const instance = test.script("echo started", "sleep 100");
  const [one, two] = await Promise.all([test.runtime.start(instance), test.open().start(instance)]);
  expect(one.unit).toEqual(two.unit);
  await test.printed(one, "started");
  await vi.waitFor(() => expect(pidsOf(instance).length).toBeGreaterThan(0));
  expect(await test.texts(one)).toEqual(["started"]);
});
