import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../cli/bin/damson.js", import.meta.url));
const KEPT_OUTPUT = 64 * 1024;

/** How a process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** `damson agent` or `damson controller` as a process of the system, started as a user starts it. */
export class ServerProcess {
  readonly pid: number;
  /** Resolves when it has ended. */
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  #output = "";

  /**
   * Of this process' environment it gets PATH, HOME and `environment`.
   *
   * @param before words in front of the whole command, e.g. `ip netns exec …`; they must end in running it in their place
   */
  constructor(
    command: "agent" | "controller",
    words: readonly string[],
    environment: Readonly<Record<string, string>>,
    cwd: string,
    before: readonly string[] = [],
  ) {
    const { PATH, HOME } = process.env;
    const [program = process.execPath, ...rest] = [...before, process.execPath, BIN, command, ...words];
    const child = spawn(program, rest, {
      cwd,
      env: { PATH, HOME, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (child.pid === undefined) throw new Error(`the ${command} cannot be started: ${process.execPath} ${BIN}`);
    this.pid = child.pid;
    this.#child = child;
    this.ended = once(child, "exit").then(([code, signal]) => ({ code, signal }));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-KEPT_OUTPUT);
      });
    }
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The end of what it wrote. */
  get output(): string {
    return this.#output;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
