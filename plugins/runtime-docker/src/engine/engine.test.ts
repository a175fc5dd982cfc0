import { chmodSync } from "node:fs";
import { isRuntimeUnavailable, type RuntimeHealth } from "@damson/plugin-sdk";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Answers, FakeEngine, GOOD } from "../fixtures/fake-engine.ts";
import { quiet } from "../fixtures/quiet-log.ts";
import { Engine } from "./engine.ts";

const SOON = { timeout: 10_000, interval: 20 } as const;

let fake: FakeEngine;
let engine: Engine;
beforeEach(() => {
  fake = new FakeEngine();
  engine = engineAt(fake.socketPath);
});
afterEach(async () => {
  engine.close();
  await fake.dispose();
});

const engineAt = (socketPath: string, answerMs = 1_000) =>
  new Engine({ address: { socketPath }, label: "damson.owner=a", log: quiet, answerMs });
const list = () => engine.call("for its containers", (docker, abortSignal) => docker.listContainers({ abortSignal }));
async function opened(answers: Answers): Promise<RuntimeHealth> {
  fake.answers = answers;
  await fake.listen();
  engine.open();
  return engine.check();
}

describe("an engine", () => {
  it("that is well says so, and what it is", async () => {
    expect(await opened(GOOD)).toEqual({ usable: true, version: "docker 28.0.0" });
    expect(engine.facts).toEqual({ kind: "docker", version: "28.0.0", cpus: 4, cannotLimit: [] });
  });

  it("that is Podman is known as that", async () => {
    const answer: Answers[string] = (answer) =>
      answer.end(JSON.stringify({ Version: "5.0.0", Components: [{ Name: "Podman Engine" }] }));
    expect(await opened({ ...GOOD, "/version": answer })).toEqual({ usable: true, version: "podman 5.0.0" });
  });

  it("whose kernel cannot set limits works in part", async () => {
    const answer: Answers[string] = (answer) =>
      answer.end(JSON.stringify({ NCPU: 1, MemoryLimit: false, CPUSet: false }));
    expect(await opened({ ...GOOD, "/info": answer })).toMatchObject({
      usable: true,
      reason: "its kernel cannot set memory_limit, cpu_set",
    });
  });

  it("that is not there is said to be missing, with what to do", async () => {
    engine.open();
    expect(await engine.check()).toEqual({
      usable: false,
      reason: `there is no container engine at ${fake.socketPath}`,
      remedy: expect.stringContaining("DOCKER_HOST"),
    });
    await expect(list()).rejects.toSatisfy(isRuntimeUnavailable);
  });

  it("that has left its socket behind does not run", async () => {
    // What listens is killed, so that its socket stays.
    const script = `require("node:http").createServer().listen(${JSON.stringify(fake.socketPath)}, () => process.kill(process.pid, "SIGKILL"))`;
    await execa(process.execPath, ["-e", script], { reject: false });
    engine.open();
    expect(await engine.check()).toMatchObject({ usable: false, reason: expect.stringContaining("does not run") });
  });

  it("that comes later is noticed without being asked, and so is its going and coming back", async () => {
    engine.open();
    await engine.check();
    const told: boolean[] = [];
    engine.onHealth(() => told.push(engine.health.usable));
    await fake.listen();
    await expect.poll(() => engine.health.usable, SOON).toBe(true);
    await fake.stop();
    await expect.poll(() => engine.health.usable, SOON).toBe(false);
    await fake.listen();
    await expect.poll(() => engine.health.usable, SOON).toBe(true);
    expect(told.filter((usable, index) => usable !== told[index - 1])).toEqual([true, false, true]);
  });

  it.each(["/version", "/info", "/events"])(
    "that never answers %s is given up in time, and no connection to it stays",
    async (path) => {
      const health = await opened({ ...GOOD, [path]: () => undefined });
      expect(health).toEqual({
        usable: false,
        reason: expect.stringMatching(/has not answered .* within 1 s$/),
        remedy: expect.any(String),
      });
      engine.close();
      await expect.poll(() => fake.connections(), SOON).toBe(0);
    },
  );

  it.each<[string, Answers[string]]>([
    ["never answers", () => undefined],
    ["breaks off before its answer", (answer) => answer.destroy()],
    [
      "breaks off in the middle of its answer",
      (answer) => {
        answer.writeHead(200, { "content-length": "1000" });
        answer.write('[{"Id":"1');
        setTimeout(() => answer.destroy(), 50);
      },
    ],
  ])("that %s is unreachable, within the deadline of a call", async (_, answer) => {
    fake.answers = { "/containers/json": answer };
    await fake.listen();
    await expect(list()).rejects.toSatisfy(isRuntimeUnavailable);
    await expect.poll(() => fake.connections(), SOON).toBe(0);
  });

  it.each([true, false])(
    "whose stream nobody reads any more does no harm when it is left; whole: %s",
    async (isWhole) => {
      const logs: Answers[string] = (answer) =>
        void (isWhole ? answer.end("x".repeat(100)) : answer.write("x".repeat(100)));
      await opened({ ...GOOD, "/containers/c1/logs": logs });
      const leaving = new AbortController();
      const stream = await engine.stream("/containers/c1/logs?", {}, leaving.signal);
      leaving.abort();
      await expect.poll(() => fake.connections(), SOON).toBe(1);
      await expect(Array.fromAsync(stream)).rejects.toThrow();
    },
  );

  it.each([
    ["words", "hello", "has answered with what is no JSON"],
    ["a page", "<html></html>", "has answered with what is no JSON"],
    ["nothing", "", "is no container engine"],
    ["another object", '{"a":1}', "is no container engine"],
    ["null", "null", "has answered with what is no JSON"],
  ])("that answers with %s is none", async (_, text, reason) => {
    const answer: Answers[string] = (answer) => answer.end(text);
    const health = await opened({ "/version": answer, "/info": answer, "/events": answer });
    expect(health).toEqual({ usable: false, reason: expect.stringContaining(reason), remedy: expect.any(String) });
  });

  it("whose events are no JSON is not usable, and says so", async () => {
    await opened({ ...GOOD, "/events": (answer) => answer.end("<html>\n") });
    await expect
      .poll(() => engine.health, SOON)
      .toMatchObject({ usable: false, reason: expect.stringContaining("no JSON") });
  });

  it("whose error is a page is not taken for anything else", async () => {
    const answer: Answers[string] = (answer) => {
      answer.statusCode = 500;
      answer.end("<html>bad gateway</html>");
    };
    expect(await opened({ "/version": answer })).toMatchObject({
      usable: false,
      reason: expect.stringContaining("bad gateway"),
    });
  });

  it("is asked for its events since the last one that was heard", async () => {
    const queries: URLSearchParams[] = [];
    let send: ((text: string) => void) | undefined;
    const events: Answers[string] = (answer, { url }) => {
      queries.push(new URL(url ?? "", "http://engine").searchParams);
      answer.flushHeaders();
      send = (text) => answer.write(text);
    };
    await opened({ ...GOOD, "/events": events });
    const heard: string[] = [];
    engine.events.on("c1", () => heard.push("c1"));
    engine.events.on("c2", () => heard.push("c2"));
    send?.(
      '{"Action":"start","Actor":{"ID":"c2"},"time":41}\n{"Action":"health_status: healthy","Actor":{"ID":"c1"},"time":42}\n',
    );
    await expect.poll(() => heard, SOON).toEqual(["c1"]);
    await fake.stop();
    await fake.listen();
    await expect.poll(() => queries.length, SOON).toBe(2);
    expect(queries.map((query) => query.get("since"))).toEqual([null, "42"]);
    expect(JSON.parse(queries[0]?.get("filters") ?? "")).toEqual({
      type: ["container"],
      event: expect.arrayContaining(["die", "health_status", "destroy"]),
      label: ["damson.owner=a"],
    });
  });

  it("is first asked for its events since it was seen, by its own clock", async () => {
    const queries: (string | null)[] = [];
    const info: Answers[string] = (answer) =>
      answer.end(JSON.stringify({ NCPU: 1, SystemTime: "2001-02-03T04:05:06.789Z" }));
    const events: Answers[string] = (answer, { url }) => {
      queries.push(new URL(url ?? "", "http://engine").searchParams.get("since"));
      answer.flushHeaders();
    };
    await opened({ ...GOOD, "/info": info, "/events": events });
    expect(queries).toEqual([String(Date.UTC(2001, 1, 3, 4, 5, 6) / 1_000)]);
  });

  it("whose events end at once, time after time, is asked ever less often", async () => {
    const times: number[] = [];
    const events: Answers[string] = (answer) => {
      times.push(performance.now());
      answer.end();
    };
    await opened({ ...GOOD, "/events": events });
    await expect.poll(() => times.length, SOON).toBe(6);
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? time));
    expect(Math.max(...waits)).toBeGreaterThan(1_000);
  });

  it("that is closed while it is waited for keeps nobody waiting", async () => {
    engine.open();
    await engine.check();
    const checked = engine.check();
    engine.close();
    expect(await checked).toMatchObject({ usable: false });
  });

  it("whose client takes longer to load than an answer may is unreachable, and nothing else", async () => {
    const own = new URL("./engine.ts", import.meta.url).href;
    const script = `
      const { Engine } = await import(${JSON.stringify(own)});
      const log = { debug() {}, info() {}, warn() {}, error() {} };
      const engine = new Engine({ address: { socketPath: "/none" }, label: "", log, answerMs: 1 });
      await engine.call("anything", () => new Promise(() => undefined)).catch(({ code }) => console.log(code));`;
    const words = ["--conditions=source", "--input-type=module", "--eval", script];
    expect((await execa(process.execPath, words)).stdout).toBe("RUNTIME_UNAVAILABLE");
  });

  it("that nobody needs any more has no connection left", async () => {
    await opened(GOOD);
    engine.close();
    await expect.poll(() => fake.connections(), SOON).toBe(0);
  });
});

describe("a socket that the agent's user may not use", () => {
  it("is said to be that, with the group to join", async ({ skip }) => {
    if (process.getuid?.() !== 0) skip("only root can be somebody else");
    await fake.listen();
    chmodSync(fake.directory, 0o755);
    chmodSync(fake.socketPath, 0o600);
    const own = new URL("./engine.ts", import.meta.url).href;
    const script = `
      const { Engine } = await import(${JSON.stringify(own)});
      const log = { debug() {}, info() {}, warn() {}, error() {} };
      const engine = new Engine({ address: { socketPath: ${JSON.stringify(fake.socketPath)} }, label: "", log });
      engine.open();
      console.log(JSON.stringify(await engine.check()));
      engine.close();`;
    const { stdout } = await execa("setpriv", [
      ...["--reuid=65534", "--regid=65534", "--clear-groups"],
      ...[process.execPath, "--conditions=source", "--input-type=module", "--eval", script],
    ]);
    expect(JSON.parse(stdout)).toEqual({
      usable: false,
      reason: `the agent's user may not use the container engine at ${fake.socketPath}`,
      remedy: expect.stringContaining(`the group that owns ${fake.socketPath}`),
    });
  });
});
