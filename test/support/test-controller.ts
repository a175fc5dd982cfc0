import { rmSync } from "node:fs";
import { type ControllerClient, createControllerClient } from "@damson/client";
import { freePort } from "./ports.ts";
import { startServer, TestServer, type TestServerOptions } from "./test-server.ts";

/** How {@link startController} starts a controller. */
export interface TestControllerOptions extends TestServerOptions {
  /** @default a new temporary directory */
  readonly dataDir?: string;
}

/** Starts a controller as a user does and waits until it answers. End it with {@link TestController.cleanUp}. */
export async function startController(options: TestControllerOptions = {}): Promise<TestController> {
  return startServer(new TestController(options.port ?? (await freePort()), options));
}

/** A controller in a process of its own, with its data directory and its port, over any number of lives. */
export class TestController extends TestServer {
  readonly client: ControllerClient;

  constructor(port: number, options: TestControllerOptions = {}) {
    super("controller", port, options, options.dataDir);
    this.client = createControllerClient({ url: this.url, timeoutMs: 60_000, token: options.token });
  }

  get dataDir(): string {
    return this.directory;
  }

  /** Ends the process at once, as a power failure does to it. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /**
   * Ends the controller and removes its directory. Agents that joined it, and their apps, are not touched.
   *
   * @throws Error when the controller does not end well.
   */
  override async cleanUp(): Promise<void> {
    try {
      if (this.running) await this.endWell();
    } finally {
      rmSync(this.dataDir, { recursive: true, force: true });
    }
  }

  protected override async answers(): Promise<boolean> {
    return (await fetch(`${this.url}/healthz`)).ok;
  }
}
