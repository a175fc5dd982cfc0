import { mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ControllerClient, createControllerClient } from "@damson/client";
import { onTestFailed } from "vitest";
import { freePort } from "./ports.ts";
import { type ProcessEnd, ServerProcess } from "./server-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { until } from "./until.ts";

const PLUGINS = fileURLToPath(new URL("../../plugins.yaml", import.meta.url));
const KEPT_OUTPUT = 256 * 1024;
const STOP_MS = 15_000;

/** How {@link startController} starts a controller. */
export interface TestControllerOptions {
  /** @default a new temporary directory */
  readonly dataDir?: string;
  /** Path of plugins.yaml. @default the repository's */
  readonly plugins?: string;
  /** Address to listen on; its client here calls it there. @default 127.0.0.1 */
  readonly host?: string;
  /** @default a free one */
  readonly port?: number;
  /** Further arguments of `damson controller`. */
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Words in front of the whole command, e.g. `ip netns exec …`; they must end in running it in their place. */
  readonly before?: readonly string[];
  /** What the controller asks for, and what its client here sends. @default none */
  readonly token?: string;
}

/** Starts a controller as a user does and waits until it answers. End it with {@link TestController.cleanUp}. */
export async function startController(options: TestControllerOptions = {}): Promise<TestController> {
  const controller = new TestController(options.port ?? (await freePort()), options);
  try {
    await controller.start();
  } catch (thrown) {
    await controller.cleanUp().catch(() => undefined);
    throw thrown;
  }
  return controller;
}

/** A controller in a process of its own, with its data directory and its port, over any number of lives. */
export class TestController {
  readonly dataDir: string;
  readonly port: number;
  readonly url: string;
  readonly client: ControllerClient;
  readonly #options: TestControllerOptions;
  readonly #host: string;
  #process: ServerProcess | undefined;
  #earlierOutput = "";

  constructor(port: number, options: TestControllerOptions = {}) {
    this.#options = options;
    this.#host = options.host ?? "127.0.0.1";
    this.dataDir = options.dataDir ?? temporaryDirectory();
    mkdirSync(this.dataDir, { recursive: true });
    this.port = port;
    this.url = `http://${this.#host === "0.0.0.0" ? "127.0.0.1" : this.#host}:${port}`;
    this.client = createControllerClient({ url: this.url, timeoutMs: 60_000, token: options.token });
  }

  /** Pid of the present life. */
  get pid(): number {
    return this.#present.pid;
  }

  get running(): boolean {
    return this.#process?.running === true;
  }

  /** The end of what all lives wrote to stdout and stderr. */
  get output(): string {
    return `${this.#earlierOutput}${this.#process?.output ?? ""}`.slice(-KEPT_OUTPUT);
  }

  /** Starts the process and waits for nothing. */
  launch(): void {
    if (this.running) throw new Error("the controller runs already");
    if (this.#process) this.#earlierOutput = `${this.output}--- next life\n`;
    const { plugins = PLUGINS, words = [], token, before } = this.#options;
    const environment = { ...this.#options.environment, ...(token === undefined ? {} : { DAMSON_TOKEN: token }) };
    const own = ["--data-dir", this.dataDir, "--host", this.#host, "--port", String(this.port), "--config", plugins];
    this.#process = new ServerProcess("controller", [...own, ...words], environment, this.dataDir, before);
  }

  /** Starts the process and waits until it answers. */
  async start(): Promise<void> {
    this.launch();
    await this.answering();
  }

  /** Waits until the controller answers. */
  async answering(): Promise<void> {
    await until(`the controller answers on ${this.url}`, async () => {
      if (!this.running) return "ended";
      return (await fetch(`${this.url}/healthz`)).ok;
    });
    if (!this.running) throw new Error(`the controller ended:\n${this.output}`);
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

  /** Ends the process at once, as a power failure does to it. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Ends the process in this way, and starts the next one on the same directory and port. */
  async restart(signal: NodeJS.Signals): Promise<void> {
    await this.end(signal);
    await this.start();
  }

  /** Prints the controller's output when the present test fails. Call it inside a test. */
  showOnFailure(): void {
    onTestFailed(() => {
      process.stderr.write(`--- output of the controller in ${this.dataDir}\n${this.output}\n---\n`);
    });
  }

  /**
   * Ends the controller and removes its directory. Agents that joined it, and their apps, are not touched.
   *
   * @throws Error when the controller does not end well.
   */
  async cleanUp(): Promise<void> {
    const end = this.running ? await this.end("SIGTERM") : { code: 0, signal: null };
    rmSync(this.dataDir, { recursive: true, force: true });
    if (end.code !== 0) {
      throw new Error(`the controller ended with ${end.signal ?? `code ${end.code}`}:\n${this.output}`);
    }
  }

  get #present(): ServerProcess {
    if (!this.#process) throw new Error("the controller was not started");
    return this.#process;
  }
}
