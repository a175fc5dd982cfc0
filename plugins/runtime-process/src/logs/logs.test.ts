import { execFileSync } from "node:child_process";
import { readdirSync, readlinkSync, statSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { itNeeds } from "../fixtures/machine.ts";
import { TestRuntime } from "../fixtures/test-runtime.ts";
import { readMarks } from "./marks.ts";
import { punchFault } from "./punch.ts";

const canPunch = (await punchFault(tmpdir())) === undefined;
const NEED = "fallocate, and a file system that can punch holes";
const MB = 1_000_000;

let test: TestRuntime;
beforeEach(() => {
  test = new TestRuntime();
});
afterEach(() => test.dispose());

const log = (instanceId: string, stream = "stdout") => test.path("instances", instanceId, "logs", stream);
const onDisk = (path: string) => statSync(path).blocks * 512;

describe("the size of a log", () => {
  itNeeds(canPunch, NEED, "is bounded on disk, while all that is kept can be read and cursors stay valid", async () => {
    const print = `awk 'BEGIN { for (i = 1; i <= 1000000; i++) printf "%099d\\n", i; fflush(); while (1) system("sleep 0.1; echo tick") }'`;
    const logs = { max_size: "1m", max_files: 5 };
    const instance = test.instance({ type: "script", command: [print], logs });
    const handle = await test.run(instance);
    const path = log(instance.instanceId);
    await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThan(100 * MB), 20_000);
    const cursor = await test.runtime.logCursor(handle);
    await vi.waitFor(() => expect(onDisk(path)).toBeLessThan(6 * MB), 20_000);
    expect(onDisk(path)).toBeGreaterThan(3 * MB);

    const lines = await test.lines(handle, { stream: "stdout" });
    expect(lines[0]?.skipped).toBeGreaterThan(90 * MB);
    const numbers = lines.map(({ text }) => Number(text)).filter((number) => !Number.isNaN(number));
    expect(numbers[0]).toBe((lines[0]?.skipped ?? 0) / 100 + 1);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
    expect(numbers.at(-1)).toBe(1_000_000);
    expect((await test.lines(handle, { stream: "stdout", after: cursor })).every(({ skipped }) => !skipped)).toBe(true);
    expect(readMarks(`${path}.marks`).head).toBeGreaterThan(90 * MB);
    await test.runtime.stop(handle, { signal: "SIGKILL", graceMs: 0 });
    expect(await test.texts(handle, { tail: 2 })).toHaveLength(2);
  });

  itNeeds(canPunch, NEED, "is bounded again by the next agent, when it grew while none lived", async () => {
    const logs = { max_size: "64k", max_files: 2 };
    const print = `awk 'BEGIN { for (i = 1; i <= 20000; i++) printf "%099d\\n", i }'`;
    const instance = test.instance({ type: "script", command: [print, "echo done >&2", "sleep 100"], logs });
    const handle = await test.run(instance);
    await test.printed(handle, "done");
    test.runtime.close();
    expect(await test.open().recover(instance, handle)).toMatchObject({ state: "adopted" });
    await vi.waitFor(() => expect(onDisk(log(instance.instanceId))).toBeLessThan(200_000), 20_000);
    const lines = await test.lines(handle, { stream: "stdout" });
    expect(Number(lines.at(-1)?.text)).toBe(20_000);
  });
});

describe("reading logs", () => {
  it("goes on over runs of an instance, and a follower hears of the end", async () => {
    const instance = test.script("echo one");
    await test.exit(await test.run(instance));
    const next = { ...instance, run: 2, pkg: { type: "script", command: ["echo two", "sleep 0.2", "echo three"] } };
    const handle = await test.run(next);
    expect(await test.texts(handle, { follow: true })).toEqual(["one", "two", "three"]);
  });

  it("shows what a running app has printed without a line break, and says that it goes on", async () => {
    const handle = await test.run(test.script("printf 'name: '", "echo asked >&2", "sleep 100"));
    await test.printed(handle, "asked");
    expect(await test.lines(handle, { stream: "stdout" })).toMatchObject([{ text: "name: ", partial: true }]);
  });

  it("since leaves out what was surely written before", async () => {
    const instance = test.script("echo old");
    await test.exit(await test.run(instance));
    const hourAgo = Date.now() / 1_000 - 3_600;
    utimesSync(log(instance.instanceId), hourAgo, hourAgo);
    // The next agent takes note of it.
    const next = { ...instance, run: 2, pkg: { type: "script", command: ["sleep 100"] } };
    const handle = await test.run(next);
    await vi.waitFor(() => expect(readMarks(`${log(instance.instanceId)}.marks`).marks).toHaveLength(1), 10_000);
    await test.runtime.stop(handle, { signal: "SIGKILL", graceMs: 0 });
    const last = await test.run({ ...instance, run: 3, pkg: { type: "script", command: ["echo new"] } });
    await test.exit(last);
    expect(await test.texts(last, { since: new Date(Date.now() - 1_800_000) })).toEqual(["new"]);
    expect(await test.texts(last, { since: new Date(Date.now() - 7_200_000) })).toEqual(["old", "new"]);
    const [old, recent] = await test.lines(last);
    expect(Math.abs(Date.parse(old?.time ?? "") - hourAgo * 1_000)).toBeLessThan(2_000);
    expect(Math.abs(Date.parse(recent?.time ?? "") - Date.now())).toBeLessThan(20_000);
  });

  it("puts the streams together by when they were written", async () => {
    const instance = test.script("echo first");
    await test.exit(await test.run(instance));
    const hourAgo = Date.now() / 1_000 - 3_600;
    utimesSync(log(instance.instanceId), hourAgo, hourAgo);
    const second = { ...instance, run: 2, pkg: { type: "script", command: ["echo second >&2", "sleep 100"] } };
    const handle = await test.run(second);
    await test.printed(handle, "second");
    await vi.waitFor(
      () => expect(readMarks(`${log(instance.instanceId, "stderr")}.marks`).marks).toHaveLength(1),
      10_000,
    );
    await test.runtime.stop(handle, { signal: "SIGKILL", graceMs: 0 });
    const third = await test.run({ ...instance, run: 3, pkg: { type: "script", command: ["echo third"] } });
    await test.exit(third);
    expect(await test.texts(third)).toEqual(["first", "second", "third"]);
    expect(await test.texts(third, { tail: 2 })).toEqual(["second", "third"]);
  });

  it("refuses a cursor that is none", async () => {
    const handle = await test.run(test.script("echo x"));
    await expect(test.lines(handle, { after: "../../etc/passwd" })).rejects.toMatchObject({
      code: "LOG_CURSOR_INVALID",
      status: 400,
    });
  });

  it("costs a reader who is slow no memory to speak of, and the app nothing", async () => {
    const print = `awk 'BEGIN { for (i = 1; i <= 400000; i++) printf "%099d\\n", i }'`;
    const handle = await test.run(test.script(print));
    expect(await test.exit(handle)).toMatchObject({ code: 0 });
    const before = process.memoryUsage().rss;
    const reader = test.runtime
      .logs(handle, { signal: AbortSignal.timeout(20_000), stream: "stdout" })
      [Symbol.asyncIterator]();
    for (let taken = 0; taken < 3; taken += 1) await reader.next();
    expect(process.memoryUsage().rss - before).toBeLessThan(20 * MB);
    await reader.return?.();
  });
});

it("says at check when the bounds cannot be kept", async () => {
  vi.stubEnv("PATH", "/nowhere");
  try {
    const { usable, reason } = await test.runtime.check();
    expect(usable).toBe(true);
    expect(reason).toContain("the size of logs is not bounded");
  } finally {
    vi.unstubAllEnvs();
  }
});

it("leaves nothing but the logs' own files", async () => {
  const instance = test.script("echo x");
  await test.exit(await test.run(instance));
  const files = execFileSync("ls", ["-A", test.path("instances", instance.instanceId, "logs")], { encoding: "utf8" });
  expect(
    files.split("\n").filter((name) => !["stdout", "stderr", "stdout.marks", "stderr.marks", ""].includes(name)),
  ).toEqual([]);
});

it("holds no file open for a reader who was left in the middle, once its signal aborts", async () => {
  const handle = await test.run(test.script("echo one", "echo two", "sleep 100"));
  await test.printed(handle, "two");
  const open = () => readdirSync("/proc/self/fd").filter((fd) => linkOf(fd).startsWith(test.path("instances")));
  const abort = new AbortController();
  const reader = test.runtime.logs(handle, { signal: abort.signal, follow: true })[Symbol.asyncIterator]();
  await reader.next();
  expect(open()).toHaveLength(2);
  abort.abort();
  await vi.waitFor(() => expect(open()).toEqual([]));
});

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return "";
  }
}
