import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { expect, onTestFinished, type TestContext, test } from "vitest";
import { damson } from "./support/damson.ts";
import { leaveOut } from "./support/leave-out.ts";
import { freePort, isFree } from "./support/ports.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { until } from "./support/until.ts";

const ROOT = resolve(import.meta.dirname, "..");
const BIN = join(ROOT, "cli", "bin", "damson.js");
const SAMPLE_PORT = 8090;
const SAMPLE = `http://127.0.0.1:${SAMPLE_PORT}/`;

/** `damson dev`, and `damson agent` as it was before, on one state directory. */
class Dev {
  readonly #env: Readonly<Record<string, string>>;
  readonly #words: readonly string[];
  #child: ChildProcess | undefined;
  #output = "";
  #stdout = "";

  constructor(ports: { agent: number; controller: number }) {
    const state = temporaryDirectory();
    this.#words = ["dev", "--port", String(ports.agent), "--controller-port", String(ports.controller)];
    this.#env = {
      DAMSON_WORK_DIR: state,
      DAMSON_DATA_DIR: join(state, "controller"),
      DAMSON_AGENT: `http://127.0.0.1:${ports.agent}`,
      DAMSON_CONTROLLER: `http://127.0.0.1:${ports.controller}`,
      DAMSON_PORT: String(ports.agent),
    };
  }

  /** All that it wrote. */
  get output(): string {
    return this.#output;
  }

  get stdout(): string {
    return this.#stdout;
  }

  async start(words = this.#words): Promise<void> {
    const { PATH, HOME } = process.env;
    const { DAMSON_CONTROLLER: _client, ...server } = this.#env;
    this.#output = "";
    this.#stdout = "";
    const child = spawn(process.execPath, [BIN, ...words], { cwd: ROOT, env: { PATH, HOME, ...server } });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#output += text;
        if (stream === child.stdout) this.#stdout += text;
      });
    }
  }

  /** Waits until it has told what to try next. */
  async told(): Promise<void> {
    await until(`it has told all:\n${this.#output}`, () => this.#output.includes("Ctrl-C ends both"), 60_000);
  }

  async end(signal?: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (!child) return null;
    if (child.exitCode !== null) return child.exitCode;
    const ended = once(child, "exit");
    if (signal) child.kill(signal);
    const [code] = await ended;
    return code;
  }

  run(...words: string[]) {
    return damson(words, ROOT, this.#env);
  }
}

async function dev(context: TestContext): Promise<Dev> {
  if (!(await isFree(SAMPLE_PORT))) leaveOut(context, `port ${SAMPLE_PORT}, which the sample needs, is taken`);
  const one = new Dev({ agent: await freePort(), controller: await freePort() });
  onTestFinished(async () => {
    await one.run("agent", "stop", "--apps");
    await one.end("SIGTERM");
  }, 60_000);
  return one;
}

const sample = async () => (await fetch(SAMPLE)).text();

test("npm start brings up controller, agent and sample, and finds them again; Ctrl-C leaves the app", async (context) => {
  const one = await dev(context);
  await one.start();
  await one.told();
  expect(one.stdout).toMatch(
    /^Controller {2}http:.*\nAgent {7}http:.*\nApp {9}http:\/\/127\.0\.0\.1:8090\/ {2}hello is healthy$/m,
  );
  const first = await sample();
  expect(first).toMatch(/^Hello from hello v1 \(/);
  expect((await one.run("deployment", "list")).stdout).toMatch(/^hello +1 +running +1\/1 /m);

  expect(await one.end("SIGINT")).toBe(0);
  expect(one.output).toContain("the apps go on");
  expect(await sample()).toBe(first);

  await one.start();
  await one.told();
  expect(await sample()).toBe(first);
  expect((await one.run("deployment", "versions", "hello")).stdout.match(/hello v1/g)).toHaveLength(1);

  expect(await one.run("agent", "stop", "--apps")).toMatchObject({ code: 0 });
  expect(await one.end()).toBe(0);
  await expect(sample()).rejects.toThrow();
});

test("the sample that an earlier version applied on the agent itself goes over to the controller", async (context) => {
  const one = await dev(context);
  await one.start(["agent", "--config", join(ROOT, "plugins.yaml")]);
  await until("the agent answers", async () => (await one.run("status")).code === 0);
  await one.run("apply", "-f", "examples/hello/app.yaml", "--wait");
  expect(await one.end("SIGTERM")).toBe(0);

  await one.start();
  await one.told();
  expect(one.output).toContain("hello was applied on the agent itself by an earlier version");
  expect(one.output).toContain("hello is healthy");
  expect((await one.run("status", "hello")).code).toBe(3);
  expect(await sample()).toMatch(/^Hello from hello v1 \(/);
});

test("a port that is taken is told of, with the flag that moves it", async () => {
  const other = createServer();
  const port = await freePort();
  await new Promise<void>((listening) => other.listen(port, "127.0.0.1", listening));
  onTestFinished(() => void other.close());
  const one = new Dev({ agent: await freePort(), controller: port });
  const { code, stderr } = await one.run("dev", "--controller-port", String(port), "--port", "0");
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("error PORT_TAKEN") });
  expect(stderr).toContain("--controller-port");
});
