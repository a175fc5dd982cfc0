import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { onTestFailed } from "vitest";
import { type ProcessEnd, ServerProcess } from "./server-process.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { until } from "./until.ts";

const PLUGINS = fileURLToPath(new URL("../../plugins.yaml", import.meta.url));
const KEPT_OUTPUT = 256 * 1024;
const STOP_MS = 15_000;

/** How an agent or a controller is started. */
export interface TestServerOptions {
  /** Path of plugins.yaml. @default the repository's */
  readonly plugins?: string;
  /** Address that it listens on; other than the loopback it needs `token`. @default 127.0.0.1 */
  readonly host?: string;
  /** @default a free one */
  readonly port?: number;
  /** Further arguments of the command. */
  readonly words?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Words in front of the whole command, e.g. `ip netns exec …`; they must end in running it in their place. */
  readonly before?: readonly string[];
  /** What it asks for, and what its client here sends. @default none */
  readonly token?: string;
}

/** An agent or a controller in a process of its own, with its directory and its port, over any number of lives. */
export abstract class TestServer {
  readonly port: number;
  /** Where tests call it. */
  readonly url: string;
  readonly #kind: "agent" | "controller";
  readonly #directory: string;
  readonly #options: TestServerOptions;
  readonly #host: string;
  #process: ServerProcess | undefined;
  #earlierOutput = "";

  constructor(kind: "agent" | "controller", port: number, options: TestServerOptions, directory?: string) {
    this.#kind = kind;
    this.#options = options;
    this.#host = options.host ?? "127.0.0.1";
    this.#directory = directory ?? temporaryDirectory();
    mkdirSync(this.#directory, { recursive: true });
    this.port = port;
    this.url = `http://${this.#host === "0.0.0.0" ? "127.0.0.1" : this.#host}:${port}`;
  }

  /** Pid of the present life. */
  get pid(): number {
    return this.present.pid;
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
    if (this.running) throw new Error(`the ${this.#kind} runs already`);
    if (this.#process) this.#earlierOutput = `${this.output}--- next life\n`;
    const { plugins = PLUGINS, words = [], token, before } = this.#options;
    const environment = { ...this.#options.environment, ...(token === undefined ? {} : { DAMSON_TOKEN: token }) };
    const place = [this.#kind === "agent" ? "--work-dir" : "--data-dir", this.#directory];
    const own = [...place, "--host", this.#host, "--port", String(this.port), "--config", plugins];
    this.#process = new ServerProcess(this.#kind, [...own, ...words], environment, this.#directory, before);
  }

  /** Starts the process and waits until it answers. */
  async start(): Promise<void> {
    this.launch();
    await this.answering();
  }

  /** Waits until it answers. */
  async answering(): Promise<void> {
    await until(`the ${this.#kind} answers on ${this.url}`, async () => (this.running ? this.answers() : "ended"));
    if (!this.running) throw new Error(`the ${this.#kind} ended:\n${this.output}`);
  }

  /** Ends the process and waits until it has ended. */
  async end(signal: NodeJS.Signals): Promise<ProcessEnd> {
    const { present } = this;
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

  /** Prints the output when the present test fails. Call it inside a test. */
  showOnFailure(): void {
    onTestFailed(() => {
      process.stderr.write(`--- output of the ${this.#kind} in ${this.#directory}\n${this.output}\n---\n`);
    });
  }

  protected get directory(): string {
    return this.#directory;
  }

  /** The present life. @throws Error when none has begun */
  protected get present(): ServerProcess {
    if (!this.#process) throw new Error(`the ${this.#kind} was not started`);
    return this.#process;
  }

  /** Ends it by SIGTERM. @throws Error when it does not end well */
  protected async endWell(): Promise<void> {
    const { code, signal } = await this.end("SIGTERM");
    if (code !== 0) throw new Error(`the ${this.#kind} ended with ${signal ?? `code ${code}`}:\n${this.output}`);
  }

  /** Ends it, and removes its directory. */
  abstract cleanUp(): Promise<void>;

  /** Something true once it answers. */
  protected abstract answers(): Promise<unknown>;
}

/** Starts one and waits until it answers; one that does not is cleaned up. */
export async function startServer<T extends TestServer>(server: T): Promise<T> {
  try {
    await server.start();
  } catch (thrown) {
    await server.cleanUp().catch(() => undefined);
    throw thrown;
  }
  return server;
}
