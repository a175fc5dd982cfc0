import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type AppStatus, answer } from "@damson/client";
import { expect, type TestContext, test } from "vitest";
import { BUSYBOX } from "./support/busybox-image.ts";
import { damson } from "./support/damson.ts";
import { DamsonProcess } from "./support/damson-process.ts";
import { sharedEngine } from "./support/docker-engine.ts";
import type { Container } from "./support/engine.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { startAgent, type TestAgent } from "./support/test-agent.ts";
import { TestImages } from "./support/test-images.ts";
import { until } from "./support/until.ts";

const LATE_MS = 40_000;
/** Counts, and ends when it is asked to. */
const COUNTER = `trap 'echo bye; exit 0' TERM
echo "I am $DAMSON_VERSION"
i=0
while :; do i=$((i+1)); echo "line $i"; sleep 0.1; done`;

/** An agent on the shared engine; at the end nothing of it may be left there. */
async function scene(context: TestContext) {
  const engine = await sharedEngine(context);
  const images = new TestImages(context, engine);
  const directory = temporaryDirectory();
  const agent = await startAgent({ environment: { DOCKER_HOST: engine.host } });
  const { owner } = agent;
  const children: DamsonProcess[] = [];
  const networks = () => engine.docker("network", "ls", "--quiet", "--filter", `label=damson.owner=${owner}`);
  context.onTestFinished(async () => {
    for (const child of children) child.kill();
    await agent.cleanUp();
    rmSync(directory, { recursive: true });
    expect(await engine.containers(`damson.owner=${owner}`)).toEqual([]);
    expect(await networks()).toBe("");
  }, 90_000);
  agent.showOnFailure();
  const words = (all: readonly string[]) => [...all.slice(0, 1), "--agent", agent.url, ...all.slice(1)];
  return {
    engine,
    images,
    agent,
    networks,
    /** `damson` with these words, to its end. */
    run: (...all: string[]) => damson(words(all), directory),
    /** The same, while it goes on. */
    follow: (...all: string[]) => {
      const child = new DamsonProcess(words(all), directory);
      children.push(child);
      return child;
    },
    /** Writes a document of an app. */
    document: (app: string, pkg: object, more: object = {}) => {
      const whole = { type: "docker", image: BUSYBOX, network: "none", ...pkg };
      const update = { min_running: "0s" };
      const body = { app, version: "v1", pkg: whole, update, stop: { grace_seconds: 2 }, ...more };
      writeFileSync(join(directory, `${app}.json`), JSON.stringify(body));
      return `${app}.json`;
    },
    containers: async (): Promise<Container[]> => {
      const all = await engine.containers(`damson.owner=${owner}`);
      return all.filter(({ State }) => State.Running);
    },
  };
}

function statusOf(agent: TestAgent, app = "shop"): Promise<AppStatus> {
  return answer(agent.client.api.GET("/v1/status/{app}", { params: { path: { app } } }));
}

function statusLike(agent: TestAgent, what: string, isSo: (status: AppStatus) => boolean): Promise<AppStatus> {
  return until(
    what,
    async () => {
      const status = await statusOf(agent);
      return isSo(status) && status;
    },
    LATE_MS,
  );
}

async function exitsOf(agent: TestAgent, app = "shop") {
  const { exits } = await answer(agent.client.api.GET("/v1/apps/{app}/exits", { params: { path: { app } } }));
  return exits;
}

function script(text: string): object {
  return { command: ["sh", "-c", text] };
}

/** What a counter wrote of one run must be whole and in order. */
function expectCounted(lines: readonly string[], ...runs: readonly number[]): void {
  const expected = runs.flatMap((count) => Array.from({ length: count }, (_, index) => `line ${index + 1}`));
  expect(lines.filter((line) => line.startsWith("line "))).toEqual(expected);
}

const countOf = (lines: readonly string[]) => lines.filter((line) => line.startsWith("line ")).length;

test("an app lives in a container, from its first apply to its deletion, by the command line", async (context) => {
  const { agent, run, follow, document, containers, networks } = await scene(context);
  const file = document("shop", { ...script(COUNTER), network: "app" });
  expect(await run("apply", "-f", file, "--wait", "--timeout", "60s")).toMatchObject({ code: 0 });
  const [container] = await containers();
  const status = JSON.parse((await run("status", "shop", "--json")).stdout);
  expect(status).toMatchObject({ phase: "running", runtime: "docker", healthy: { level: 100, msg: "Running" } });
  expect(status.instances[0].container_id).toBe(container?.Id);
  expect((await run("status", "shop")).stdout).toContain(container?.Id.slice(0, 12));
  expect(await networks()).not.toBe("");

  const logs = follow("logs", "shop", "-f");
  await until("it is followed", () => logs.lines.includes("line 5"));
  expect(logs.lines[0]).toBe("I am v1");

  expect(await run("exec", "shop", "--", "sh", "-c", "echo out; echo err >&2; exit 7")).toEqual({
    code: 7,
    stdout: "out\n",
    stderr: "err\n",
  });
  expect((await run("exec", "-e", "A=b c", "shop", "--", "sh", "-c", 'echo "$DAMSON_APP $A"')).stdout).toBe(
    "shop b c\n",
  );
  const absent = await run("exec", "shop", "--", "no-such-program");
  expect(absent.code).not.toBe(0);
  expect(absent.stderr).toMatch(/EXEC_FAILED.*no-such-program/s);
  const counting = follow("exec", "-i", "shop", "--", "wc", "-c");
  counting.write("x".repeat(200_000));
  counting.end();
  expect(await counting.ended).toEqual({ code: 0, signal: null });
  expect(counting.stdout.trim()).toBe("200000");

  const { instances } = JSON.parse((await run("stats", "shop", "--json")).stdout);
  expect(instances[0].processes).toBeGreaterThanOrEqual(2);
  expect(instances[0].memory_bytes).toBeGreaterThan(0);
  const usage = follow("stats", "shop", "--follow", "--json");
  await until("usage is followed", () => usage.lines.length >= 2);
  const samples = usage.lines.map((line) => JSON.parse(line));
  expect(samples[1].cpu_seconds).toBeGreaterThanOrEqual(samples[0].cpu_seconds);
  await usage.interrupt();

  expect(await run("restart", "shop")).toMatchObject({ code: 0 });
  const restarted = await statusOf(agent);
  expect(restarted).toMatchObject({ phase: "running", restarts: 0, instances: [{ run: 2 }] });
  expect(restarted.instances[0]?.container_id).not.toBe(container?.Id);
  await until("the second run is followed", () => logs.lines.filter((line) => line === "line 5").length === 2);
  const first = logs.lines.indexOf("bye");
  expect(first).toBeGreaterThan(0);
  expect(logs.lines[first + 1]).toBe("I am v1");

  expect(await run("stop", "shop")).toMatchObject({ code: 0 });
  expect(await containers()).toEqual([]);
  expect(await statusOf(agent)).toMatchObject({ status: "stopped", phase: "stopped", desired: "stopped" });
  await until("its last word is followed", () => logs.lines.at(-1) === "bye");
  expectCounted(logs.lines, countOf(logs.lines.slice(0, first)), countOf(logs.lines.slice(first)));
  await logs.interrupt();
  const stopped = await run("exec", "shop", "--", "true");
  expect(stopped.code).not.toBe(0);
  expect(stopped.stderr).toContain("NOT_RUNNING");
  expect((await run("logs", "shop", "--tail", "1")).stdout).toBe("bye\n");
  expect((await exitsOf(agent)).map(({ run: number, reason, code }) => ({ number, reason, code }))).toEqual([
    { number: 1, reason: "stop_requested", code: 0 },
    { number: 2, reason: "stop_requested", code: 0 },
  ]);

  expect(await run("start", "shop")).toMatchObject({ code: 0 });
  expect(await containers()).toHaveLength(1);
  expect(await run("delete", "shop")).toMatchObject({ code: 0 });
  expect(await containers()).toEqual([]);
  expect(await networks()).toBe("");
  expect((await run("status", "shop")).stderr).toContain("APP_NOT_FOUND");
});

test("a terminal inside a container has its size, and one stream", async (context) => {
  const { agent, run, document } = await scene(context);
  expect(await run("apply", "-f", document("shop", { command: ["sleep", "86400"] }), "--wait")).toMatchObject({
    code: 0,
  });
  const command = [
    "sh",
    "-c",
    'tty; until stty size 2>/dev/null | grep "33 101"; do sleep 0.05; done; read word; echo got $word >&2; exit 3',
  ];
  const terminal = { tty: true, stdin: true, columns: 101, rows: 33 };
  // Engines before API 1.42 learn of the size only after the start.
  const session = await agent.client.exec("shop", { command, ...terminal }, { signal: context.signal });
  let text = "";
  for await (const { stream, data } of session.output()) {
    expect(stream).toBe("stdout");
    text += Buffer.from(data).toString();
    if (text.endsWith("33 101\r\n")) await session.write(Buffer.from("plum\n"));
  }
  expect(text).toMatch(/^\/dev\/(pts\/\d+|console)\r\n33 101\r\n/);
  expect(text).toContain("got plum\r\n");
  expect(session.exitCode).toBe(3);
});

test("an app that crashes is started again, ever later, and its exits are told as they were", async (context) => {
  const { engine, agent, run, document, containers } = await scene(context);
  const restart = { delay: "100ms", max_delay: "400ms" };
  expect(await run("apply", "-f", document("shop", script("echo on my way; exit 3"), { restart }))).toMatchObject({
    code: 0,
  });
  const looping = await statusLike(agent, "it is in a crash loop", (status) => status.crash_looping);
  expect(looping).toMatchObject({ status: "error" });
  const exits = await exitsOf(agent);
  expect(exits.length).toBeGreaterThanOrEqual(5);
  for (const exit of exits) expect(exit).toMatchObject({ code: 3, signal: null, oom: false, reason: "exit" });
  expect(exits.map((exit) => exit.run)).toEqual(exits.map((_, index) => index + 1));
  const times = exits.map(({ ended_at }) => Date.parse(ended_at ?? ""));
  expect((times[4] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(100 + 200 + 400);
  const shown = await run("exits", "shop");
  expect(shown.stdout).toMatch(/shop-\w+ +1 +v1 +3 +- +exit/);

  expect(
    await run("apply", "-f", document("shop", { command: ["sleep", "86400"] }, { version: "v2", restart }), "--wait"),
  ).toMatchObject({ code: 0 });
  const [container] = await containers();
  await engine.docker("kill", container?.Id ?? "");
  await until("it runs again", async () => {
    const [present] = await containers();
    return present !== undefined && present.Id !== container?.Id;
  });
  await statusLike(agent, "it is healthy again", ({ healthy }) => healthy.level === 100);
  expect((await exitsOf(agent)).at(-1)).toMatchObject({
    version: "v2",
    code: 137,
    signal: "SIGKILL",
    reason: "signal",
  });

  const hungry = { ...script("exec tail /dev/zero"), resources: { memory_limit: "16m" } };
  expect(await run("apply", "-f", document("shop", hungry, { version: "v3", restart: "never" }))).toMatchObject({
    code: 0,
  });
  const failed = await statusLike(
    agent,
    "it has run out of memory",
    ({ version, phase }) => version === "v3" && phase === "exited",
  );
  expect(failed).toMatchObject({ status: "error", reason: "ran out of memory and was killed" });
  expect((await exitsOf(agent)).at(-1)).toMatchObject({ version: "v3", code: 137, oom: true, reason: "oom" });
  expect((await run("exits", "shop")).stdout).toContain("out of memory");
});

test("a job in a container runs once, and is done", async (context) => {
  const { agent, run, document, containers } = await scene(context);
  const file = document("shop", script("echo working; sleep 0.3; echo done"), { restart: "never" });
  expect(await run("apply", "-f", file, "--wait")).toMatchObject({ code: 0 });
  const done = await statusLike(
    agent,
    "it is done",
    ({ healthy, phase }) => healthy.msg === "Completed" && phase === "exited",
  );
  expect(done).toMatchObject({ status: "stopped", phase: "exited", restarts: 0, healthy: { level: 100 } });
  expect((await run("logs", "shop")).stdout).toBe("working\ndone\n");
  expect(await containers()).toEqual([]);
  await agent.restart("SIGKILL");
  expect(await statusLike(agent, "it is known as done", ({ healthy }) => healthy.msg === "Completed")).toMatchObject({
    instances: [{ run: 1 }],
  });

  const failing = document("shop", script("echo oh no >&2; exit 4"), { version: "v2", restart: "never" });
  const failed = await run("apply", "-f", failing, "--wait");
  expect(failed).toMatchObject({ code: 1 });
  expect(failed.stderr).toContain("oh no");
  expect(failed.stderr).toMatch(/APP_FAILED.*exited with code 4/s);
});

test("several instances run side by side, each by itself, and as many as are declared", async (context) => {
  const { engine, agent, run, document, containers } = await scene(context);
  const declared = (instances: number) => document("shop", { ...script(COUNTER), network: "app" }, { instances });
  expect(await run("apply", "-f", declared(3), "--wait", "--timeout", "60s")).toMatchObject({ code: 0 });
  const before = await containers();
  expect(before).toHaveLength(3);
  const ids = (await statusOf(agent)).instances.map(({ instance_id }) => instance_id);
  expect(new Set(before.map(({ Config }) => Config.Labels["damson.instance"]))).toEqual(new Set(ids));
  const ambiguous = await run("exec", "shop", "--", "true");
  expect(ambiguous.code).not.toBe(0);
  expect(ambiguous.stderr).toContain(ids[1]);
  const [one = ""] = ids;
  expect((await run("exec", "--instance", one, "shop", "--", "sh", "-c", "echo $DAMSON_INSTANCE_ID")).stdout).toBe(
    `${one}\n`,
  );
  const printed = (await run("logs", "shop")).stdout;
  for (const id of ids) expect(printed).toMatch(new RegExp(`^${id}.*I am v1$`, "m"));

  const victim = before.find(({ Config }) => Config.Labels["damson.instance"] === one);
  await engine.docker("kill", victim?.Id ?? "");
  await statusLike(agent, "it is started again", ({ restarts, healthy }) => restarts === 1 && healthy.level === 100);
  const after = await containers();
  expect(after.filter(({ Id }) => before.some((container) => container.Id === Id))).toHaveLength(2);

  expect(await run("apply", "-f", declared(1), "--wait")).toMatchObject({ code: 0 });
  await until("two are gone", async () => (await containers()).length === 1, LATE_MS);
  expect((await containers())[0]?.Id).toBeOneOf(after.map(({ Id }) => Id));
});

/** Healthy when it has made its file, a moment after its start; or never. */
function checked(isHealthy: boolean): string[] {
  const after = isHealthy ? "sleep 0.7; touch /tmp/ready; " : "";
  return [
    "HEALTHCHECK --interval=200ms --timeout=5s --retries=1 CMD test -e /tmp/ready || { echo not ready; exit 1; }",
    `CMD ["sh", "-c", "${after}exec sleep 86400"]`,
  ];
}

test("a rolling update waits for the health check of the image, and goes back when that fails", async (context) => {
  const { images, agent, run, document, containers } = await scene(context);
  const name = (tag: string) => `testbed/checked-${agent.owner.slice(0, 8).toLowerCase()}:${tag}`;
  await images.build(name("good"), checked(true));
  await images.build(name("bad"), checked(false));
  const update = { strategy: "rolling", healthy_within: "4s", min_running: "0s" };
  const version = (number: string, tag: string) => document("shop", { image: name(tag) }, { version: number, update });

  expect(await run("apply", "-f", version("v1", "good"), "--wait", "--timeout", "60s")).toMatchObject({ code: 0 });
  const [first] = await containers();
  const bad = await run("apply", "-f", version("v2", "bad"), "--wait", "--timeout", "60s");
  expect(bad).toMatchObject({ code: 1 });
  expect(bad.stderr).toMatch(/APP_FAILED.*the update to v2 failed and was taken back: .*not ready/s);
  const back = await statusLike(
    agent,
    "only the old one is left",
    ({ healthy, update: last }) => healthy.level === 100 && last?.state === "failed",
  );
  expect(back).toMatchObject({ version: "v1", status: "running", restarts: 0 });
  expect((await containers()).map(({ Id }) => Id)).toEqual([first?.Id]);

  // While a good one comes, there is always one that runs.
  const file = version("v3", "good");
  let updated = false;
  const updating = run("apply", "-f", file, "--wait", "--timeout", "60s").finally(() => {
    updated = true;
  });
  while (!updated) expect((await containers()).length).toBeGreaterThanOrEqual(1);
  expect(await updating).toMatchObject({ code: 0 });
  await until("the old one is gone", async () => {
    const all = await containers();
    return all.length === 1 && all[0]?.Config.Labels["damson.version"] === "v3";
  });
  expect(await run("rollback", "shop", "--revision", "1", "--timeout", "60s")).toMatchObject({ code: 0 });
  expect(await statusOf(agent)).toMatchObject({ version: "v1" });
  await until("the one before is back", async () => {
    const all = await containers();
    return all.length === 1 && all[0]?.Config.Labels["damson.version"] === "v1";
  });
  expect((await exitsOf(agent)).every(({ reason }) => reason === "stop_requested")).toBe(true);
});

test("kill -9 of the agent in the middle of a rolling update: the next one completes it", async (context) => {
  const { images, agent, run, document, containers } = await scene(context);
  const image = `testbed/checked-${agent.owner.slice(0, 8).toLowerCase()}:slow`;
  await images.build(image, checked(true));
  const update = { strategy: "rolling", healthy_within: "60s", min_running: "0s" };
  const version = (number: string) => document("shop", { image }, { version: number, update, instances: 2 });
  expect(await run("apply", "-f", version("v1"), "--wait", "--timeout", "60s")).toMatchObject({ code: 0 });
  const of = async (number: string) =>
    (await containers()).filter(({ Config }) => Config.Labels["damson.version"] === number);

  expect(await run("apply", "-f", version("v2"))).toMatchObject({ code: 0 });
  await until(
    "a new one runs beside an old one",
    async () => (await of("v2")).length > 0 && (await of("v1")).length > 0,
  );
  await agent.end("SIGKILL");
  const seen = (await containers()).map(({ Id }) => Id);
  await agent.start();
  // Once more, as soon as something has gone on.
  await until(
    "it goes on",
    async () => (await containers()).some(({ Id }) => !seen.includes(Id)) || (await of("v1")).length < 2,
    LATE_MS,
  );
  await agent.restart("SIGKILL");
  const done = await statusLike(
    agent,
    "it is done",
    ({ update: last, healthy }) => last?.state === "done" && healthy.level === 100,
  );
  expect(done).toMatchObject({ version: "v2", status: "running", restarts: 0 });
  await until("the old ones are gone", async () => (await of("v1")).length === 0);
  expect(await of("v2")).toHaveLength(2);
  expect((await containers()).length).toBe(2);
  expect((await exitsOf(agent)).map(({ version: number, reason }) => `${number} ${reason}`)).toEqual([
    "v1 stop_requested",
    "v1 stop_requested",
  ]);
});

test("kill -9 of the agent in the middle of logs -f: no line is missing, and none comes twice", async (context) => {
  const { agent, run, follow, document, containers } = await scene(context);
  expect(await run("apply", "-f", document("shop", script(COUNTER)), "--wait")).toMatchObject({ code: 0 });
  const [container] = await containers();
  const logs = follow("logs", "shop", "-f");
  for (const line of ["line 10", "line 40"]) {
    await until(`${line} is followed`, () => logs.lines.includes(line), LATE_MS);
    await agent.restart("SIGKILL");
  }
  await until("it goes on", () => logs.lines.includes("line 80"), LATE_MS);
  expect((await containers()).map(({ Id }) => Id)).toEqual([container?.Id]);
  await run("stop", "shop");
  await until("its last word is followed", () => logs.lines.at(-1) === "bye");
  expectCounted(logs.lines, countOf(logs.lines));
  expect(logs.stderr).toContain("Lost the connection");
  await logs.interrupt();
});
