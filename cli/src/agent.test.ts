import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppStatus } from "@damson/client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startTestAgent, type TestAgent } from "./testing/agent.ts";
import { damson, type Ran, startDamson } from "./testing/run.ts";

let folder: string;
let agent: TestAgent;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "damson-cli-agent-"));
  agent = await startTestAgent(join(folder, "state"));
});

afterAll(async () => {
  await run("agent", "stop", "--apps");
  await agent.end("SIGTERM");
  rmSync(folder, { recursive: true });
});

function run(...words: string[]): Promise<Ran> {
  return damson(words, { cwd: folder, env: { DAMSON_AGENT: agent.url } });
}

async function json<T = unknown>(...words: string[]): Promise<T> {
  const { stdout, stderr } = await run(...words, "--json");
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

/** Declares an app that runs these lines of shell. */
function put(app: string, lines: readonly string[], more: object = {}): string {
  const file = join(folder, `${app}.yaml`);
  const pkg = { type: "script", command: lines };
  writeFileSync(file, JSON.stringify({ app, version: "v1", pkg, update: { min_running: "100ms" }, ...more }));
  return file;
}

const COUNT = ["i=0", "while :; do i=$((i+1)); echo line $i; sleep 0.05; done"];

describe("an app", () => {
  it("is applied, looked at, stopped, started, restarted and deleted", async () => {
    const file = put("life", ["echo hello", "sleep 1000"]);
    expect(await run("apply", "-f", file, "--wait")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^life v1: /),
    });
    expect(await json("apply", "-f", file)).toMatchObject({ success: true, app: "life", changed: false });
    const first = await json<AppStatus>("status", "life");
    expect(first).toMatchObject({ phase: "running", healthy: { level: 100 } });
    expect((await run("status")).stdout).toMatch(/^life +v1 +running +.*1\/1/m);
    expect((await run("status", "life")).stdout).toContain(first.instances[0]?.instance_id);
    expect((await run("logs", "life")).stdout).toBe("hello");
    expect(await run("stop", "life")).toMatchObject({ exitCode: 0 });
    expect(await json("status", "life")).toMatchObject({ phase: "stopped", status: "stopped" });
    expect((await run("exits", "life")).stdout).toMatch(/stop requested/);
    expect(await run("start", "life")).toMatchObject({ exitCode: 0 });
    await vi.waitFor(async () => expect(await json("status", "life")).toMatchObject({ phase: "running" }), 10_000);
    expect(await run("restart", "life")).toMatchObject({ exitCode: 0 });
    expect(await run("delete", "life")).toMatchObject({ exitCode: 0 });
    expect(await run("status", "life")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("APP_NOT_FOUND"),
    });
  });

  it("is changed by --set, and rolled back", async () => {
    const file = put("versions", ["sleep 1000"]);
    await run("apply", "-f", file, "--wait");
    await run("apply", "-f", file, "--wait", "--set", "version=v2", "--set", "labels.team=shop");
    expect(await json("status", "versions")).toMatchObject({ version: "v2", labels: { team: "shop" } });
    expect((await run("versions", "versions")).stdout).toMatch(/v2 +script +.*runs now/);
    expect(await run("rollback", "versions")).toMatchObject({ exitCode: 0 });
    expect(await json("status", "versions")).toMatchObject({ version: "v1" });
  });

  it("is taken from stdin, and its relative folder from the current one", async () => {
    const app = {
      app: "here",
      version: "v1",
      restart: "never",
      pkg: { type: "script", command: ["pwd"], working_dir: "." },
    };
    const options = { cwd: folder, env: { DAMSON_AGENT: agent.url }, input: JSON.stringify(app) };
    expect(await damson(["apply", "-f", "-"], options)).toMatchObject({ exitCode: 0 });
    await vi.waitFor(async () => expect((await run("logs", "here")).stdout).toBe(folder), 10_000);
  });

  it("that fails is told of with its reason and its last lines", async () => {
    const file = put("broken", ["echo cannot find the database", "exit 7"]);
    const { exitCode, stderr } = await run("apply", "-f", file, "--wait");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("| cannot find the database");
    expect(stderr).toMatch(/error APP_FAILED .*7/);
    expect((await run("exits", "broken")).stdout).toMatch(/ 7 /);
  });

  it("that is wrong is told of with place and remedy, and changes nothing", async () => {
    const { exitCode, stderr } = await run("apply", "-f", put("wrong", ["true"]), "--set", "pkg.comand=x");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/error \w+ pkg\.comand: /);
    expect(await run("status", "wrong")).toMatchObject({ exitCode: 3 });
  });
});

describe("following", () => {
  it("logs goes on over a restart of the agent, each line once, and Ctrl-C ends it quietly", async () => {
    await run("apply", "-f", put("counter", COUNT), "--wait");
    const follower = startDamson(["logs", "counter", "-f"], { env: { DAMSON_AGENT: agent.url } });
    let seen = "";
    follower.stdout.on("data", (text) => (seen += text));
    await vi.waitFor(() => expect(seen).toContain("line 10\n"), 10_000);
    const { port } = new URL(agent.url);
    await agent.end("SIGKILL");
    agent = await startTestAgent(join(folder, "state"), Number(port));
    const last = Number(/line (\d+)\n$/.exec(seen)?.[1]) + 20;
    await vi.waitFor(() => expect(seen).toContain(`line ${last}\n`), 20_000);
    follower.kill("SIGINT");
    const { exitCode, stderr } = await follower;
    expect(exitCode).toBe(0);
    expect(stderr).toContain("Trying again in");
    const numbers = seen
      .trim()
      .split("\n")
      .map((line) => Number(line.slice("line ".length)));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it("events shows what happens", async () => {
    const follower = startDamson(["events", "-f", "--json"], { env: { DAMSON_AGENT: agent.url } });
    let seen = "";
    follower.stdout.on("data", (text) => (seen += text));
    await run("apply", "-f", put("noticed", ["sleep 1000"]), "--wait");
    await vi.waitFor(() => {
      const events = seen
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(events).toContainEqual(expect.objectContaining({ type: "app.applied", app: "noticed" }));
    }, 10_000);
    follower.kill("SIGINT");
    expect((await follower).exitCode).toBe(0);
    expect((await run("events", "--app", "noticed")).stdout).toMatch(/app\.applied +noticed/);
  });

  it("status shows each change", async () => {
    await run("apply", "-f", put("watched", ["sleep 1000"]), "--wait");
    const follower = startDamson(["status", "watched", "--watch", "--json"], { env: { DAMSON_AGENT: agent.url } });
    let seen = "";
    follower.stdout.on("data", (text) => (seen += text));
    await vi.waitFor(() => expect(seen).toContain('"phase":"running"'), 10_000);
    await run("stop", "watched");
    await vi.waitFor(() => expect(seen).toContain('"phase":"stopped"'), 10_000);
    follower.kill("SIGINT");
    expect((await follower).exitCode).toBe(0);
  });
});

describe("stats", () => {
  const busy = ["while :; do :; done"];

  it("shows what instances use, with the processor in percent", async () => {
    await run("apply", "-f", put("busy", busy), "--wait");
    await run("apply", "-f", put("idle", ["sleep 1000"]), "--wait");
    expect((await run("stats", "busy")).stdout).toMatch(
      /^INSTANCE +CPU % +MEMORY \/ LIMIT +PROCESSES\nbusy-\w+ +[1-9]\d*\.\d +\d.* \/ - +1$/,
    );
    const { instances } = await json<{ instances: { app: string; cpu_percent: number }[] }>("stats");
    expect(instances.map(({ app }) => app)).toEqual(expect.arrayContaining(["busy", "idle"]));
    expect(instances.find(({ app }) => app === "busy")?.cpu_percent).toBeGreaterThan(0);
    expect(await run("stats", "none")).toMatchObject({ exitCode: 3 });
  });

  it("follows all apps, also those that come later, and Ctrl-C ends it quietly", async () => {
    const follower = startDamson(["stats", "-f", "--json"], { env: { DAMSON_AGENT: agent.url } });
    let seen = "";
    follower.stdout.on("data", (text) => (seen += text));
    await vi.waitFor(() => expect(seen).toMatch(/"app":"busy".*"cpu_percent":[1-9]/), 10_000);
    await run("apply", "-f", put("later", busy), "--wait");
    await vi.waitFor(() => expect(seen).toMatch(/"app":"later".*"cpu_percent":[1-9]/), 10_000);
    follower.kill("SIGINT");
    expect((await follower).exitCode).toBe(0);
    await run("delete", "later");
  });

  it("follows one app in lines, until it is gone", async () => {
    const follower = startDamson(["stats", "busy", "-f"], { env: { DAMSON_AGENT: agent.url } });
    let seen = "";
    follower.stdout.on("data", (text) => (seen += text));
    await vi.waitFor(
      () => expect(seen).toMatch(/busy-\w+ {2}cpu \d+\.\d % {2}memory .* \/ - {2}processes 1\n/),
      10_000,
    );
    await run("delete", "busy");
    expect((await follower).exitCode).toBe(3);
  });
});

it("completes the names of apps", async () => {
  await run("apply", "-f", put("completed", ["sleep 1000"]));
  expect((await run("complete", "--", "logs", "comp")).stdout).toMatch(/^completed\t/);
});

it("shows the plugins of the agent, and reloads them", async () => {
  expect((await run("plugin", "list")).stdout).toMatch(/runtime-process +ready/);
  expect(await run("plugin", "reload")).toMatchObject({ exitCode: 0 });
});

it("does not write colours to what is no terminal", async () => {
  expect((await run("status")).stdout).not.toContain("\x1b");
});

it("says that another agent has the work directory", async () => {
  const { exitCode, stdout, stderr } = await damson(["agent", "--work-dir", join(folder, "state"), "--port", "0"]);
  expect(exitCode).toBe(1);
  expect(stdout + stderr).toContain(String(agent.pid));
});

it("says by which setting a controller gets another directory", async () => {
  const { exitCode, stderr } = await damson(["controller", "--data-dir", "/proc/none", "--port", "0"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("error WORK_DIR_UNUSABLE /proc/none cannot be made");
  expect(stderr).toContain("--data-dir (DAMSON_DATA_DIR)");
});

it("says that the port is taken", async () => {
  const { port } = new URL(agent.url);
  const { exitCode, stderr } = await damson(["agent", "--work-dir", join(folder, "other"), "--port", port]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(port);
  expect(stderr).not.toContain("UNEXPECTED");
});

it("dev says that an agent runs already, and what to do", async () => {
  const { port } = new URL(agent.url);
  const env = { DAMSON_WORK_DIR: join(folder, "dev"), DAMSON_DATA_DIR: join(folder, "dev", "controller") };
  const { exitCode, stderr } = await damson(["dev", "--port", port, "--controller-port", "0"], { env });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("error AGENT_RUNS_ALREADY");
  expect(stderr).toContain("npx damson agent stop");
});

it("agent stop refuses flags that say how an agent starts, which would end another agent than meant", async () => {
  const options = { cwd: folder, env: { DAMSON_AGENT: agent.url } };
  const { exitCode, stderr } = await damson(["agent", "stop", "--port", "1"], options);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--agent http") });
  expect(await damson(["status"], options)).toMatchObject({ exitCode: 0 });
});

it("agent stop ends the agent and leaves the apps", async () => {
  const own = join(folder, "own");
  const first = await startTestAgent(own);
  const options = { cwd: folder, env: { DAMSON_AGENT: first.url } };
  await damson(
    ["apply", "-f", put("stays", ["echo $$ > pid", "sleep 1000"], {}), "--wait", "--set", `pkg.working_dir=${folder}`],
    options,
  );
  const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
  expect(await damson(["agent", "stop"], options)).toMatchObject({ exitCode: 0 });
  await vi.waitFor(async () => expect(await damson(["status"], options)).toMatchObject({ exitCode: 4 }), 10_000);
  expect(() => process.kill(pid, 0)).not.toThrow();
  const second = await startTestAgent(own);
  expect(await damson(["agent", "stop", "--apps"], { cwd: folder, env: { DAMSON_AGENT: second.url } })).toMatchObject({
    exitCode: 0,
  });
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(/ESRCH/), 10_000);
  expect(await second.ended()).toBe(0);
});
