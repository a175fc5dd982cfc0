import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { call, callText } from "./http.ts";
import { freePort } from "./ports.ts";
import type { Scratch } from "./scratch.ts";

const UP_MS = 30_000;
const LOOK_EVERY_MS = 10;

/** One app in `GET /v1/status`, as far as it is looked at here. */
export interface AppStatus {
  readonly app: string;
  readonly status: string;
  readonly instances: readonly { readonly pid?: number; readonly container_id?: string }[];
}

/** What an agent is started with. */
export interface BenchAgentOptions {
  /** The plugin that it has. @default "@damson/runtime-process" */
  readonly plugin?: string;
  /** Id of the agent, and so the owner of what it runs. @default "bench" */
  readonly id?: string;
}

/** An agent in a process of its own, on a work directory that outlives it. */
export class BenchAgent {
  readonly url: string;
  readonly #workDir: string;
  readonly #port: number;
  readonly #id: string;
  #process: ChildProcess;
  #bin: string;

  private constructor(bin: string, workDir: string, port: number, id: string) {
    this.url = `http://127.0.0.1:${port}`;
    this.#bin = bin;
    this.#workDir = workDir;
    this.#port = port;
    this.#id = id;
    this.#process = this.#spawn();
  }

  /** Starts an agent in a new work directory; all of its apps are stopped when `scratch` is cleaned. */
  static async start(
    scratch: Scratch,
    bin: string,
    { plugin = "@damson/runtime-process", id = "bench" }: BenchAgentOptions = {},
  ): Promise<BenchAgent> {
    const workDir = scratch.path("agent");
    await mkdir(workDir);
    await writeFile(join(workDir, "plugins.yaml"), `plugins:\n  - use: "${plugin}"\n`);
    const agent = new BenchAgent(bin, workDir, await freePort(), id);
    scratch.onClean(() => agent.#end());
    await agent.ready();
    return agent;
  }

  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error("the agent could not be started");
    return pid;
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    if (this.#hasEnded) return;
    const exit = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await exit;
  }

  /** Starts a new agent on the work directory; returns as soon as its process is there. */
  restart(bin: string): void {
    this.#bin = bin;
    this.#process = this.#spawn();
  }

  /** The status of every app; `undefined` while the agent does not answer yet. */
  async statusIfUp(): Promise<readonly AppStatus[] | undefined> {
    if (this.#hasEnded) throw new Error(`the agent ended with code ${this.#process.exitCode}`);
    try {
      return await this.status();
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ECONNREFUSED") return undefined;
      throw error;
    }
  }

  async status(): Promise<readonly AppStatus[]> {
    const { apps } = await call<{ apps: readonly AppStatus[] }>(`${this.url}/v1/status`);
    return apps;
  }

  /** Until it has loaded its plugins: a package whose runtime is not there is refused. */
  async ready(): Promise<void> {
    const deadline = Date.now() + UP_MS;
    for (;;) {
      if ((await this.statusIfUp()) && (await this.#hasRuntime())) return;
      if (Date.now() > deadline) throw new Error("the agent does not come up");
      await delay(LOOK_EVERY_MS);
    }
  }

  get #hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  #spawn(): ChildProcess {
    const flags = ["--work-dir", this.#workDir, "--port", String(this.#port), "--agent-id", this.#id];
    const plugins = ["--config", join(this.#workDir, "plugins.yaml")];
    return spawn(process.execPath, [this.#bin, "agent", ...flags, ...plugins], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  }

  async #hasRuntime(): Promise<boolean> {
    const { plugins } = await call<{ plugins: readonly { state: string }[] }>(`${this.url}/v1/plugins`);
    return plugins.length > 0 && plugins.every(({ state }) => state === "ready");
  }

  async #end(): Promise<void> {
    if (this.#hasEnded) this.restart(this.#bin);
    await this.ready();
    const exit = once(this.#process, "exit");
    await callText(`${this.url}/v1/agent/stop`, { method: "POST", body: { apps: true } });
    await exit;
  }
}
