import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { type Bridge, makeBridge, removeLink } from "./bridge.ts";
import { ensureBusybox } from "./busybox-image.ts";
import { removeDockerdLeftovers } from "./dockerd-leftovers.ts";
import { Engine } from "./engine.ts";
import { leaveOut } from "./leave-out.ts";
import { writeOciRuntime } from "./oci-runtime.ts";
import { findProgram } from "./require-or-skip.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { until } from "./until.ts";

/** The engine that DOCKER_HOST names, with the image `BUSYBOX`. Other tests use it too: label what you make, and remove it. */
export async function sharedEngine(context: TestContext): Promise<Engine> {
  const host = process.env.DOCKER_HOST;
  if (!host) return leaveOut(context, "no Docker Engine: set DOCKER_HOST");
  const engine = new Engine(host);
  await ensureBusybox(engine);
  return engine;
}

/** How {@link startEngine} starts an engine. */
export interface PrivateEngineOptions {
  /** Whether containers live on while dockerd does not. @default true */
  readonly liveRestore?: boolean;
  /** Further members of daemon.json. */
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** Starts a Docker Engine of the test's own, with the image `BUSYBOX`. It is closed when the test ends. Takes root. */
export async function startEngine(context: TestContext, options: PrivateEngineOptions = {}): Promise<PrivateEngine> {
  if (process.getuid?.() !== 0) leaveOut(context, "no Docker Engine of the test's own: run as root");
  for (const program of ["dockerd", "docker", "runc", "ip", "busybox"]) {
    if (!findProgram(program)) leaveOut(context, `no ${program}`);
  }
  const engine = new PrivateEngine(await makeBridge(), options);
  context.onTestFinished(() => engine.close());
  await engine.start();
  await ensureBusybox(engine);
  return engine;
}

/**
 * A Docker Engine with everything of its own: directories, containerd and bridge; it leaves the machine's
 * packet filter alone. Ports of containers can be published. Containers cannot reach each other where the filter of
 * another engine forbids it.
 */
export class PrivateEngine extends Engine {
  readonly directory: string;
  readonly #bridge: Bridge;
  #dockerd: ChildProcess | undefined;

  constructor(bridge: Bridge, { liveRestore = true, configuration }: PrivateEngineOptions) {
    const directory = temporaryDirectory();
    super(`unix://${directory}/docker.sock`);
    this.directory = directory;
    this.#bridge = bridge;
    const at = (name: string) => join(directory, name);
    writeOciRuntime(at("runtime"));
    const daemon = {
      "data-root": at("data"),
      "exec-root": at("exec"),
      pidfile: at("dockerd.pid"),
      hosts: [this.host],
      runtimes: { own: { path: at("runtime") } },
      "default-runtime": "own",
      "live-restore": liveRestore,
      // With `none`, or with pools of addresses of its own, dockerd removes docker0, which is another engine's.
      bridge: bridge.name,
      iptables: false,
      "ip-forward": false,
      ...configuration,
    };
    writeFileSync(at("daemon.json"), JSON.stringify(daemon));
  }

  /** Pid of dockerd. */
  get pid(): number | undefined {
    return this.running ? this.#dockerd?.pid : undefined;
  }

  get running(): boolean {
    return this.#dockerd?.exitCode === null && this.#dockerd.signalCode === null;
  }

  /** What dockerd, containerd and the shims wrote in all lives. */
  get output(): string {
    return readFileSync(join(this.directory, "log"), "utf8");
  }

  /** Starts dockerd and waits until it answers. */
  async start(): Promise<void> {
    if (this.running) throw new Error("dockerd runs already");
    const log = openSync(join(this.directory, "log"), "a");
    const words = ["--config-file", join(this.directory, "daemon.json")];
    this.#dockerd = spawn("dockerd", words, { stdio: ["ignore", log, log] });
    closeSync(log);
    await once(this.#dockerd, "spawn");
    await until("dockerd answers", () => !this.running || this.answers());
    if (!this.running) throw new Error(`dockerd ended:\n${this.output.slice(-10_000)}`);
  }

  /**
   * Ends dockerd in good order. Without live restore it stops all containers, which takes 10 s for one that ignores
   * SIGTERM.
   */
  stop(): Promise<void> {
    return this.#end("SIGTERM");
  }

  /** Kills dockerd; the kernel kills its containerd with it. Containers and their shims live on. */
  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  /** Kills dockerd and every container, and removes whatever the engine made on this machine. */
  async close(): Promise<void> {
    await this.kill();
    await removeDockerdLeftovers(this.directory);
    await removeLink(this.#bridge.name);
  }

  async #end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    if (!this.running || !this.#dockerd) return;
    const containerdPidFile = join(this.directory, "exec/containerd/containerd.pid");
    const containerd = read(containerdPidFile);
    const ended = once(this.#dockerd, "exit");
    this.#dockerd.kill(signal);
    await ended;
    await until("containerd has ended", () => hasEnded(containerd));
    // What is killed leaves its file, and the next life believes it as long as there is any process with that pid.
    rmSync(containerdPidFile, { force: true });
    rmSync(join(this.directory, "dockerd.pid"), { force: true });
  }
}

/** A zombie has ended: who adopted it may be slow to collect it. */
function hasEnded(pid: string): boolean {
  const stat = pid && read(`/proc/${pid}/stat`);
  return stat === "" || stat.slice(stat.lastIndexOf(")")).startsWith(") Z");
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1").trim();
  } catch {
    return "";
  }
}
