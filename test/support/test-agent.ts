import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type AgentClient, answer, createAgentClient, type StatusList } from "@damson/client";
import { hasCode } from "@damson/plugin-sdk";
import { freePort } from "./ports.ts";
import { describeProcess, pidsIn, runProcesses } from "./proc.ts";
import { startServer, TestServer, type TestServerOptions } from "./test-server.ts";
import { until } from "./until.ts";

/** How {@link startAgent} starts an agent. */
export interface TestAgentOptions extends TestServerOptions {
  /** @default a new temporary directory */
  readonly workDir?: string;
}

/** Starts an agent as a user does and waits until it answers. End it with {@link TestAgent.cleanUp}. */
export async function startAgent(options: TestAgentOptions = {}): Promise<TestAgent> {
  return startServer(new TestAgent(options.port ?? (await freePort()), options));
}

/** An agent in a process of its own, with its work directory and its port, over any number of lives. */
export class TestAgent extends TestServer {
  readonly client: AgentClient;

  constructor(port: number, options: TestAgentOptions = {}) {
    super("agent", port, options, options.workDir);
    this.client = createAgentClient({ url: this.url, timeoutMs: 60_000, token: options.token });
  }

  get workDir(): string {
    return this.directory;
  }

  /** What marks this agent's units; made at its first start. */
  get owner(): string {
    return JSON.parse(readFileSync(join(this.workDir, "agent.json"), "utf8")).data.owner;
  }

  /** Waits until the agent has loaded its plugins. One whose engine this machine lacks is loaded too. */
  async ready(): Promise<void> {
    await until("the plugins are ready", async () => {
      const { plugins } = await answer(this.client.api.GET("/v1/plugins"));
      return plugins.length > 0 && plugins.every(({ state }) => ["ready", "degraded", "skipped"].includes(state));
    });
  }

  /** All apps, as the agent tells of them. */
  async status(): Promise<StatusList> {
    return answer(this.client.api.GET("/v1/status"));
  }

  /**
   * Deletes all apps, ends the agent and removes its directory. Apps of a controller are only stopped: they are not the
   * agent's to delete.
   *
   * @throws Error when the agent does not end well, or a process of its apps is left; that one is killed then.
   */
  override async cleanUp(): Promise<void> {
    const owner = existsSync(join(this.workDir, "agent.json")) ? this.owner : undefined;
    const faults: string[] = [];
    try {
      if (owner !== undefined) await this.#deleteApps();
      if (this.running) await this.endWell();
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
    await this.present.ended;
  }

  protected override async answers(): Promise<string> {
    return (await answer(this.client.api.GET("/v1/health"))).status;
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
