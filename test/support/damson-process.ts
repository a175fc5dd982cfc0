import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { ProcessEnd } from "./server-process.ts";

const BIN = fileURLToPath(new URL("../../cli/bin/damson.js", import.meta.url));

/** `damson` with these arguments, while it goes on; of this process' environment it gets PATH and HOME. */
export class DamsonProcess {
  /** Resolves when it has ended, and all that it wrote has come. */
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcessWithoutNullStreams;
  #stdout = "";
  #stderr = "";

  constructor(words: readonly string[], cwd: string) {
    const { PATH, HOME } = process.env;
    this.#child = spawn(process.execPath, [BIN, ...words], { cwd, env: { PATH, HOME } });
    this.ended = once(this.#child, "close").then(([code, signal]) => ({ code, signal }));
    // One that ends before it has read all says so itself.
    this.#child.stdin.on("error", () => undefined);
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
    });
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** The whole lines of stdout. */
  get lines(): string[] {
    return this.#stdout.split("\n").slice(0, -1);
  }

  write(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Closes its input. */
  end(): void {
    this.#child.stdin.end();
  }

  /** Ends it as Ctrl-C does. */
  async interrupt(): Promise<ProcessEnd> {
    this.#child.kill("SIGINT");
    return this.ended;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}
