import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { callText } from "./http.ts";
import { freePort } from "./ports.ts";
import type { Scratch } from "./scratch.ts";

const UP_MS = 30_000;
const LOOK_EVERY_MS = 20;

/** A controller in a process of its own, on a directory that outlives it. */
export class BenchController {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#process = child;
  }

  /** Starts a controller on a new directory; it ends when `scratch` is cleaned. */
  static async start(scratch: Scratch, bin: string): Promise<BenchController> {
    const dataDir = scratch.path("controller");
    await mkdir(dataDir);
    const port = await freePort();
    const words = ["controller", "--data-dir", dataDir, "--port", String(port)];
    const child = spawn(process.execPath, [bin, ...words], { stdio: ["ignore", "ignore", "inherit"] });
    const controller = new BenchController(`http://127.0.0.1:${port}`, child);
    scratch.onClean(() => controller.#end());
    await controller.#up();
    return controller;
  }

  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error("the controller could not be started");
    return pid;
  }

  async #up(): Promise<void> {
    const deadline = Date.now() + UP_MS;
    for (;;) {
      if (this.#process.exitCode !== null) throw new Error("the controller has ended");
      if (await callText(`${this.url}/healthz`).catch(() => undefined)) return;
      if (Date.now() > deadline) throw new Error("the controller does not come up");
      await delay(LOOK_EVERY_MS);
    }
  }

  async #end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exit = once(this.#process, "exit");
    this.#process.kill("SIGTERM");
    await exit;
  }
}
