import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AgentClient, answer, createAgentClient, type StatusList } from "@damson/client";
import { hasCode } from "@damson/plugin-sdk";
import { onTestFailed } from "vitest";
import { freePort } from "./ports.ts";
import { describeProcess, pidsIn, runProcesses } from "./proc.ts";
import { type ProcessEnd, ServerProcess } from "./server-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { until } from "./until.ts";

const PLUGINS = fileURLToPath(new URL("../../plugins.yaml", import.meta.url));
const KEPT_OUTPUT = 256 * 1024;
const STOP_MS = 15_000;

/** How {@link startAgent} starts an agent. */
export interface TestAgentOptions {
  /** @default a new temporary directory */
  readonly workDir?: string;
  /** Path of plugins.yaml. @default the repository's */
  readonly plugins?: string;
  /** Further arguments of `damson agent`. */
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What the agent asks for, and what its client here sends. @default none */
  readonly token?: string;
  /** @default a free one */
  readonly port?: number;
  /** Address that it listens on; other than the loopback it needs `token`. @default 127.0.0.1 */
  readonly host?: string;
  /** Words in front of the whole command, e.g. `ip netns exec …`. @default none */
  readonly before?: readonly string[];
}

/** Starts an agent as a user does and waits until it answers. End it with {@link TestAgent.cleanUp}. */
export async function startAgent(options: TestAgentOptions = {}): Promise<TestAgent> {
  const agent = new TestAgent(options.port ?? (await freePort()), options);
  try {
    await agent.start();
  } catch (thrown) {
    await agent.cleanUp().catch(() => undefined);
    throw thrown;
  }
  return agent;
}

/** An agent in a process of its own, with its work directory and its port, over any number of lives. */
export class TestAgent {
  readonly workDir: string;
  readonly port: number;
  readonly url: string;
  readonly client: AgentClient;
  readonly #options: TestAgentOptions;
  #process: ServerProcess | undefined;
  #earlierOutput = "";

  constructor(port: number, options: TestAgentOptions = {}) {
    this.#options = options;
    this.workDir = options.workDir ?? temporaryDirectory();
    mkdirSync(this.workDir, { recursive: true });
    this.port = port;
    this.url = `http://${options.host ?? "127.0.0.1"}:${port}`;
    this.client = createAgentClient({ url: this.url, timeoutMs: 60_000, token: options.token });
  }

  /** Pid of the present life. */
  get pid(): number {
    return this.#present.pid;
  }

  get running(): boolean {
    return this.#process?.running === true;
  }

  /** What marks this agent's units; made at its first start. */
  get owner(): string {
    return JSON.parse(readFileSync(join(this.workDir, "agent.json"), "utf8")).data.owner;
  }

  /** The end of what all lives wrote to stdout and stderr. */
  get output(): string {
    return `${this.#earlierOutput}${this.#process?.output ?? ""}`.slice(-KEPT_OUTPUT);
  }

  /** Starts the process and waits for nothing. */
  launch(): void {
    if (this.running) throw new Error("the agent runs already");
    if (this.#process) this.#earlierOutput = `${this.output}--- next life\n`;
    const { plugins = PLUGINS, words = [], token, host, before } = this.#options;
    const environment = { ...this.#options.environment, ...(token === undefined ? {} : { DAMSON_TOKEN: token }) };
    const own = ["--work-dir", this.workDir, "--port", String(this.port), "--config", plugins];
    if (host !== undefined) own.push("--host", host);
    this.#process = new ServerProcess("agent", [...own, ...words], environment, this.workDir, before);
  }

  /** Starts the process and waits until it answers. */
  async start(): Promise<void> {
    this.launch();
    await this.answering();
  }

  /** Waits until the agent answers. */
  async answering(): Promise<void> {
    await until(`the agent answers on ${this.url}`, async () => {
      if (!this.running) return "ended";
      return (await answer(this.client.api.GET("/v1/health"))).status;
    });
    if (!this.running) throw new Error(`the agent ended:\n${this.output}`);
  }

  /** Waits until the agent has loaded its plugins. One whose engine this machine lacks is loaded too. */
  async ready(): Promise<void> {
    await until("the plugins are ready", async () => {
      const { plugins } = await answer(this.client.api.GET("/v1/plugins"));
      return plugins.length > 0 && plugins.every(({ state }) => state === "ready" || state === "degraded");
    });
  }

  /** Ends the process and waits until it has ended. */
  async end(signal: NodeJS.Signals): Promise<ProcessEnd> {
    const present = this.#present;
    present.signal(signal);
    const late = setTimeout(() => present.signal("SIGKILL"), STOP_MS);
    try {
      return await present.ended;
    } finally {
      clearTimeout(late);
    }
  }

  /** Ends the process in this way, and starts the next one on the same directory and port. */
  async restart(signal: NodeJS.Signals): Promise<void> {
    await this.end(signal);
    await this.start();
  }

  /** All apps, as the agent tells of them. */
  async status(): Promise<StatusList> {
    return answer(this.client.api.GET("/v1/status"));
  }

  /** Prints the agent's output when the present test fails. Call it inside a test. */
  showOnFailure(): void {
    onTestFailed(() => {
      process.stderr.write(`--- output of the agent in ${this.workDir}\n${this.output}\n---\n`);
    });
  }

  /**
   * Deletes all apps, ends the agent and removes its directory. Apps of a controller are only stopped: they are not the
   * agent's to delete.
   *
   * @throws Error when the agent does not end well, or a process of its apps is left; that one is killed then.
   */
  async cleanUp(): Promise<void> {
    const owner = existsSync(join(this.workDir, "agent.json")) ? this.owner : undefined;
    const faults: string[] = [];
    try {
      if (owner !== undefined) await this.#deleteApps();
      if (this.running) await this.#endWell();
    } catch (thrown) {
      faults.push(String(thrown));
    }
    if (this.running) await this.end("SIGKILL");
    for (const left of owner === undefined ? [] : runProcesses(owner)) {
      faults.push(`left behind: ${describeProcess(left)}`);
      kill(left.pid);
    }
    for (const pid of pidsIn(this.workDir)) {
      faults.push(`left behind in ${this.workDir}: pid ${pid}`);
      kill(pid);
    }
    rmSync(this.workDir, { recursive: true, force: true });
    if (faults.length > 0) throw new Error(`${faults.join("\n")}\n--- output of the agent\n${this.output}`);
  }

  async #deleteApps(): Promise<void> {
    if (!this.running) await this.start();
    const { apps } = await this.status();
    const query = { wait: true, timeout: "30s" };
    const own = apps.filter(({ assignment }) => assignment === undefined);
    await Promise.all(
      own.map(({ app }) => answer(this.client.api.DELETE("/v1/apps/{app}", { params: { path: { app }, query } }))),
    );
    if (own.length < apps.length) await this.#stopWithApps();
  }

  async #stopWithApps(): Promise<void> {
    await answer(this.client.api.POST("/v1/agent/stop", { body: { apps: true } }));
    await this.#present.ended;
  }

  async #endWell(): Promise<void> {
    const { code, signal } = await this.end("SIGTERM");
    if (code !== 0) throw new Error(`the agent ended with ${signal ?? `code ${code}`}:\n${this.output}`);
  }

  get #present(): ServerProcess {
    if (!this.#process) throw new Error("the agent was not started");
    return this.#process;
  }
}

/** Kills what may have ended meanwhile. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (thrown) {
    if (!hasCode(thrown, "ESRCH")) throw thrown;
  }
}
