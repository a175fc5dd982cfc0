import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { DamsonError, isUnknownExit } from "@damson/plugin-sdk";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { pidsOf } from "./fixtures/proc.ts";
import { OWNER, TestRuntime } from "./fixtures/test-runtime.ts";
import { isAlive, readStat } from "./process/identity.ts";
import { processesOf } from "./run/unit.ts";

let test: TestRuntime;
beforeEach(() => {
  test = new TestRuntime();
});
afterEach(() => test.dispose());

const processes = (handle: Parameters<typeof processesOf>[0]) => {
  const found = processesOf(handle);
  if (!found) throw new Error("the handle names no processes");
  return found;
};
const refusal = async (work: Promise<unknown>): Promise<DamsonError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DamsonError)) throw new Error("it was not refused", { cause: error });
  return error;
};

describe("a script", () => {
  it("is run line by line by sh, with its arguments, in a directory of the instance's own", async () => {
    const command = ['echo "$1 and $2"', "if true; then", "  echo inside", "fi", "pwd"];
    const instance = test.instance({ type: "script", command, args: ["a b", "$(touch x)"] });
    const handle = await test.run(instance);
    expect(await test.exit(handle)).toMatchObject({ code: 0 });
    const work = test.path("instances", instance.instanceId, "work");
    expect(await test.texts(handle)).toEqual(["a b and $(touch x)", "inside", work]);
    expect(readdirSync(work)).toEqual([]);
  });

  it("is run by bash where the spec says so", async () => {
    const handle = await test.run(test.instance({ type: "script", shell: "bash", command: ['echo "$BASH_VERSION"'] }));
    await test.exit(handle);
    expect(await test.texts(handle)).toEqual([expect.stringMatching(/^[0-9]+\./)]);
  });

  it("is in no command line and no file that others can read", async () => {
    const instance = test.script("secret=hunter2", "echo ready", "sleep 100");
    const handle = await test.run(instance);
    await test.printed(handle, "ready");
    for (const pid of pidsOf(instance)) expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).not.toContain("hunter2");
  });
});

describe("the command", () => {
  it("is looked up in the PATH of the spec, and relative to working_dir", async () => {
    const bin = test.path("bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(`${bin}/greet`, "#!/bin/sh\necho hello from $PWD\n", { mode: 0o755 });
    const byPath = test.instance({ type: "binary", command: ["greet"], environment: { PATH: `${bin}:/bin:/usr/bin` } });
    const relative = test.instance({ type: "binary", command: ["./greet"], working_dir: bin });
    await test.runtime.admit(byPath);
    await test.runtime.admit(relative);
    for (const instance of [byPath, relative]) {
      const handle = await test.run(instance);
      expect(await test.exit(handle)).toMatchObject({ code: 0 });
      expect(await test.texts(handle)).toEqual([expect.stringMatching(/^hello from \//)]);
    }
  });

  it("is run by sh when it has no first line that names an interpreter, as shells do", async () => {
    const path = test.path("plain");
    writeFileSync(path, "echo plain\n", { mode: 0o755 });
    const handle = await test.run(test.instance({ type: "binary", command: [path] }));
    expect(await test.exit(handle)).toMatchObject({ code: 0 });
    expect(await test.texts(handle)).toEqual(["plain"]);
  });

  it.each([
    [{ type: "binary", command: ["/does/not/exist"] }, "COMMAND_NOT_FOUND", "pkg.command[0]"],
    [{ type: "binary", command: ["no-such-program"] }, "COMMAND_NOT_FOUND", "pkg.command[0]"],
    [{ type: "binary", command: [""] }, "COMMAND_NOT_FOUND", "pkg.command[0]"],
    [{ type: "binary", command: ["./relative"] }, "COMMAND_NOT_FOUND", "pkg.command[0]"],
    [{ type: "binary", command: ["/etc/passwd"] }, "COMMAND_NOT_EXECUTABLE", "pkg.command[0]"],
    [{ type: "binary", command: ["/tmp"] }, "COMMAND_NOT_FOUND", "pkg.command[0]"],
    [{ type: "binary", command: ["sh"], working_dir: "/does/not/exist" }, "WORKING_DIR_MISSING", "pkg.working_dir"],
    [{ type: "binary", command: ["sh"], working_dir: "/etc/passwd" }, "WORKING_DIR_MISSING", "pkg.working_dir"],
    [{ type: "script", command: ["x"], environment: { PATH: "/nowhere" } }, "COMMAND_NOT_FOUND", "pkg.shell"],
    [{ type: "binary", command: ["sh"], user: "no-such-user" }, "USER_UNKNOWN", "pkg.user"],
    [{ type: "binary", command: ["sh"], resources: { cpu_set: "4095" } }, "CPU_SET_INVALID", "pkg.resources.cpu_set"],
    [{ type: "binary", command: ["sh"], resources: { cpu_set: "3-1" } }, "CPU_SET_INVALID", "pkg.resources.cpu_set"],
    [
      { type: "binary", command: ["sh"], ports: [{ host_port: 80, container_port: 8080 }] },
      "PORTS_NOT_MAPPED",
      "pkg.ports[0].container_port",
    ],
    [{ type: "artifact", path: "/does/not/exist.zip" }, "ARTIFACT_MISSING", "pkg.path"],
  ])("is refused by admit: %j is %s at %s", async (pkg, code, path) => {
    const error = await refusal(test.runtime.admit(test.instance(pkg)));
    expect(error).toMatchObject({ code, status: 422 });
    expect(error.issues[0]?.path).toBe(path);
    expect(readdirSync(test.path("instances"))).toEqual([]);
  });

  it("that does not match its schema is refused with every fault", async () => {
    const error = await refusal(test.runtime.admit(test.instance({ type: "binary", command: [], replicas: 101 })));
    expect(error).toMatchObject({ code: "PACKAGE_INVALID", status: 400 });
    expect(error.issues.map(({ path }) => path)).toEqual(expect.arrayContaining(["pkg.command", "pkg.replicas"]));
  });
});

it.each([
  { args: Array.from({ length: 40 }, () => "x".repeat(100_000)) },
  { environment: { LONG: "x".repeat(140_000) } },
])("a command that is longer than the kernel takes is refused, and nothing runs", async (long) => {
  const error = await refusal(test.run(test.instance({ type: "binary", command: ["true"], ...long })));
  expect(error).toMatchObject({ code: "ARGUMENT_TOO_LONG", status: 422 });
  expect(await test.runtime.list(OWNER)).toEqual([]);
});

it("a command that is just not too long runs", async () => {
  const args = ["-c", "echo $#", "sh", ...Array.from({ length: 19 }, () => "x".repeat(100_000))];
  const handle = await test.run(test.instance({ type: "binary", command: ["sh"], args }));
  await test.exit(handle);
  expect(await test.texts(handle)).toEqual(["19"]);
});

describe("the environment", () => {
  it("is PATH, HOME, LANG, what the spec declares and the injected names, and nothing else", async () => {
    vi.stubEnv("TZ", "Europe/Vienna");
    vi.stubEnv("AGENT_SECRET", "must not be seen");
    const environment = { GREETING: "hi", DAMSON_APP: "forged" };
    const handle = await test.run(test.instance({ type: "binary", command: ["env"], environment }));
    await test.exit(handle);
    vi.unstubAllEnvs();
    const seen = Object.fromEntries((await test.texts(handle)).map((line) => line.split("=")));
    expect(
      Object.keys(seen)
        .filter((name) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(name))
        .toSorted(),
    ).toEqual(["DAMSON_APP", "DAMSON_RUN", "GREETING", "HOME", "LANG", "PATH", "TZ"]);
    expect(seen).toMatchObject({ GREETING: "hi", DAMSON_APP: "shop", TZ: "Europe/Vienna" });
  });
});

describe("when the shim is killed", () => {
  it("the app runs on, its logs go on, it can be stopped, and its end is unknown", async () => {
    const instance = test.script("trap 'echo stopping; exit 0' TERM", "echo ready", "while :; do sleep 0.05; done");
    const handle = await test.run(instance);
    await test.printed(handle, "ready");
    const { shim, app } = processes(handle);
    process.kill(shim.pid, "SIGKILL");
    await vi.waitFor(() => expect(isAlive(shim)).toBe(false));
    expect(await test.open().recover(instance, handle)).toMatchObject({ state: "adopted" });
    expect(isAlive(app)).toBe(true);
    const ended = test.exit(handle);
    const { status, survivors } = await test.runtime.stop(handle, { signal: "SIGTERM", graceMs: 10_000 });
    expect(status).toSatisfy(isUnknownExit);
    expect(survivors).toEqual([]);
    expect(await ended).toSatisfy(isUnknownExit);
    expect(await test.texts(handle, { stream: "stdout" })).toEqual(["ready", "stopping"]);
  });
});

it("adopts a run whose package a later version of the schema no longer accepts", async () => {
  const instance = test.instance({ type: "binary", command: ["sleep", "100"] });
  const handle = await test.run(instance);
  const dated = { ...instance, pkg: { ...instance.pkg, a_field_of_old: 1 } };
  expect(await test.open().recover(dated, handle)).toMatchObject({ state: "adopted" });
});

describe("the next run", () => {
  it("replaces what an earlier run left, processes too, and keeps its logs", async () => {
    const instance = test.script("setsid sleep 100 &", "sleep 100 &", "printf 'no line break'", "exit 3");
    const first = await test.run(instance);
    expect(await test.exit(first)).toMatchObject({ code: 3 });
    await vi.waitFor(() => expect(pidsOf(instance).length).toBe(2));
    const left = pidsOf(instance);
    const second = await test.run({ ...instance, run: 2, pkg: { type: "script", command: ["echo second"] } });
    await test.exit(second);
    expect(left.filter((pid) => readStat(pid) !== undefined)).toEqual([]);
    expect(await test.texts(second)).toEqual(["no line break", "second"]);
    expect((await test.runtime.list(OWNER)).map(({ run }) => run)).toEqual([2]);
    expect(readdirSync(test.path("instances", instance.instanceId)).toSorted()).toEqual(["logs", "run-2", "work"]);
  });

  it("that cannot start leaves the earlier one as it was", async () => {
    const instance = test.script("exit 3");
    await test.exit(await test.run(instance));
    const broken = { ...instance, run: 2, pkg: { type: "binary", command: ["/does/not/exist"] } };
    expect(await refusal(test.run(broken))).toMatchObject({ code: "COMMAND_NOT_FOUND" });
    expect(await test.runtime.list(OWNER)).toMatchObject([{ run: 1 }]);
  });
});

describe("stop", () => {
  it("reaches a process that is halted", async () => {
    const handle = await test.run(test.script("trap 'exit 5' TERM", "echo ready", "while :; do sleep 0.05; done"));
    await test.printed(handle, "ready");
    process.kill(processes(handle).app.pid, "SIGSTOP");
    const { status } = await test.runtime.stop(handle, { signal: "SIGTERM", graceMs: 10_000 });
    expect(status).toMatchObject({ code: 5 });
  });

  it("ends a chain of processes, each of which starts the next and dies", async () => {
    // One at a time, and no more than 400: a test that fails must not harm the machine.
    const instance = test.script(
      "trap '' TERM",
      'f() { sleep 0.05; [ "$1" -gt 0 ] && f $(($1 - 1)) & }',
      "f 400",
      "echo ready",
      "sleep 100",
    );
    const handle = await test.run(instance);
    await test.printed(handle, "ready");
    expect((await test.runtime.stop(handle, { signal: "SIGTERM", graceMs: 100 })).survivors).toEqual([]);
    expect(pidsOf(instance)).toEqual([]);
  });

  it("refuses a signal that is none, and sends nothing", async () => {
    const handle = await test.run(test.instance({ type: "binary", command: ["sleep", "100"] }));
    const error = await refusal(test.runtime.stop(handle, { signal: "SIGNONSENSE", graceMs: 0 }));
    expect(error).toMatchObject({ code: "SIGNAL_UNKNOWN", status: 400 });
    expect(isAlive(processes(handle).app)).toBe(true);
  });

  it("signals nobody by a handle whose pid now belongs to another process", async () => {
    const handle = await test.run(test.instance({ type: "binary", command: ["sleep", "100"] }));
    const stranger = processes(await test.run(test.instance({ type: "binary", command: ["sleep", "100"] })));
    const { shim, app } = processes(handle);
    await test.runtime.stop(handle, { signal: "SIGTERM", graceMs: 5_000 });
    const stale = {
      ...handle,
      data: {
        ...handle.data,
        shim: { pid: stranger.shim.pid, start: shim.start - 1 },
        app: { pid: stranger.app.pid, start: app.start - 1 },
      },
    };
    await test.runtime.stop(stale, { signal: "SIGKILL", graceMs: 0 });
    expect(isAlive(stranger.app)).toBe(true);
    expect(isAlive(stranger.shim)).toBe(true);
  });

  it("takes a run of an earlier boot for ended, and touches no process of this one", async () => {
    const handle = await test.run(test.instance({ type: "binary", command: ["sleep", "100"] }));
    const earlier = { ...handle, data: { ...handle.data, boot_id: "00000000-0000-4000-8000-000000000000" } };
    const { status } = await test.runtime.stop(earlier, { signal: "SIGKILL", graceMs: 0 });
    expect(status).toMatchObject({ code: null, signal: null, detail: "the machine was restarted" });
    expect(isAlive(processes(handle).app)).toBe(true);
  });
});

describe("remove", () => {
  it("is refused while the instance runs, and changes nothing", async () => {
    const handle = await test.run(test.instance({ type: "binary", command: ["sleep", "100"] }));
    expect(await refusal(test.runtime.remove(handle))).toMatchObject({ code: "STILL_RUNNING", status: 409 });
    expect(isAlive(processes(handle).app)).toBe(true);
    expect(await test.runtime.list(OWNER)).toHaveLength(1);
  });

  it("takes along what the main process left running", async () => {
    const instance = test.script("setsid sleep 100 &", "exit 0");
    const handle = await test.run(instance);
    await test.exit(handle);
    await test.runtime.remove(handle);
    expect(pidsOf(instance)).toEqual([]);
    expect(readdirSync(test.path("instances"))).toEqual([]);
    expect(readdirSync(test.path("status"))).toEqual([]);
  });
});

it("refuses every call for a unit of another owner", async () => {
  const instance = test.instance({ type: "binary", command: ["sleep", "100"] });
  const handle = await test.run(instance);
  const foreign = { ...handle, owner: "agent-2" };
  const code = "FOREIGN_UNIT";
  expect(await refusal(test.runtime.stop(foreign, { signal: "SIGKILL", graceMs: 0 }))).toMatchObject({ code });
  expect(await refusal(test.runtime.remove(foreign))).toMatchObject({ code });
  expect(await refusal(test.runtime.start({ ...instance, owner: "agent-2" }))).toMatchObject({ code });
  expect(await refusal(test.runtime.recover(instance, foreign))).toMatchObject({ code });
  expect(await refusal(test.runtime.stats(foreign))).toMatchObject({ code });
  expect(isAlive(processes(handle).app)).toBe(true);
});

it("keeps what it writes from other users", async () => {
  const handle = await test.run(test.script("echo secret"));
  await test.exit(handle);
  const open = execFileSync("find", [test.path(), "-type", "f", "-perm", "/077"], { encoding: "utf8" });
  expect(open).toBe("");
});

it("counts the processor time of children that have ended", async () => {
  const burn = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
  const handle = await test.run(test.script(`sh -c '${burn}'`, "echo burnt", "sleep 100"));
  await test.printed(handle, "burnt");
  expect((await test.runtime.stats(handle)).cpu_seconds).toBeGreaterThan(0);
  expect(readStat(processes(handle).app.pid)).toBeDefined();
});
