import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { type Bridge, makeBridge, removeLink } from "./bridge.ts";
import { ensureBusybox } from "./busybox-image.ts";
import { Engine } from "./engine.ts";
import { leaveOut } from "./leave-out.ts";
import { writeOciRuntime } from "./oci-runtime.ts";
import { pidsNaming } from "./pids-naming.ts";
import { findProgram } from "./require-or-skip.ts";
import { runProgram } from "./run-program.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { unmountAll } from "./unmount-all.ts";
import { until } from "./until.ts";

/** Starts Podman's service with the image `BUSYBOX`. It is closed when the test ends. Takes root. */
export async function startPodman(context: TestContext): Promise<Podman> {
  if (process.getuid?.() !== 0) leaveOut(context, "no Podman of the test's own: run as root");
  for (const program of ["podman", "conmon", "runc", "catatonit", "docker", "ip", "busybox"]) {
    if (!findProgram(program)) leaveOut(context, `no ${program}`);
  }
  const podman = new Podman(await makeBridge());
  context.onTestFinished(() => podman.close());
  await podman.start();
  await ensureBusybox(podman);
  return podman;
}

/** Podman with directories, network and socket of its own, asked through its Docker-compatible API. */
export class Podman extends Engine {
  readonly directory: string;
  readonly #bridge: Bridge;
  readonly #environment: Readonly<Record<string, string>>;
  #service: ChildProcess | undefined;

  constructor(bridge: Bridge) {
    const directory = temporaryDirectory();
    super(`unix://${directory}/podman.sock`);
    this.directory = directory;
    this.#bridge = bridge;
    const at = (name: string) => join(directory, name);
    writeOciRuntime(at("runtime"));
    mkdirSync(at("networks"));
    writeFileSync(at("networks/podman.conflist"), JSON.stringify(network(bridge, at("addresses"))));
    writeFileSync(
      at("containers.conf"),
      `[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
runtime = "own"
tmp_dir = "${at("tmp")}"
[engine.runtimes]
own = ["${at("runtime")}"]
[containers]
log_driver = "k8s-file"
[network]
network_backend = "cni"
network_config_dir = "${at("networks")}"
`,
    );
    writeFileSync(
      at("storage.conf"),
      `[storage]
driver = "overlay"
graphroot = "${at("data")}"
runroot = "${at("run")}"
`,
    );
    this.#environment = {
      CONTAINERS_CONF: at("containers.conf"),
      CONTAINERS_STORAGE_CONF: at("storage.conf"),
    };
  }

  get running(): boolean {
    return this.#service?.exitCode === null && this.#service.signalCode === null;
  }

  /** What the service wrote in all lives. */
  get output(): string {
    return readFileSync(join(this.directory, "log"), "utf8");
  }

  /** Starts the service and waits until it answers. */
  async start(): Promise<void> {
    if (this.running) throw new Error("the service runs already");
    const log = openSync(join(this.directory, "log"), "a");
    const env = { ...process.env, ...this.#environment };
    const words = ["system", "service", "--time=0", this.host];
    this.#service = spawn("podman", words, { cwd: this.directory, env, stdio: ["ignore", log, log] });
    closeSync(log);
    await once(this.#service, "spawn");
    await until("Podman answers", () => !this.running || this.answers());
    if (!this.running) throw new Error(`Podman's service ended:\n${this.output.slice(-10_000)}`);
  }

  /** Ends the service; containers go on. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (!this.running || !this.#service) return;
    const ended = once(this.#service, "exit");
    this.#service.kill(signal);
    await ended;
  }

  /** Ends the service, kills every container, and removes whatever Podman made on this machine. */
  async close(): Promise<void> {
    await this.stop("SIGKILL");
    if (existsSync(this.directory)) {
      await runProgram("podman", ["rm", "--all", "--force", "--time", "0"], { environment: this.#environment });
    }
    // It waits minutes for someone to ask how a command in a container ended.
    for (const pid of pidsNaming(this.directory, "conmon")) process.kill(pid, "SIGKILL");
    await unmountAll(this.directory);
    rmSync(this.directory, { recursive: true, force: true });
    await removeLink(this.#bridge.name);
  }
}

/** A network of CNI: no filter of packets, ports of containers can be published. */
function network({ name, network: subnet, address }: Bridge, dataDir: string): object {
  const ipam = {
    type: "host-local",
    dataDir,
    routes: [{ dst: "0.0.0.0/0" }],
    ranges: [[{ subnet, gateway: address }]],
  };
  return {
    cniVersion: "0.4.0",
    name: "podman",
    plugins: [
      { type: "bridge", bridge: name, isGateway: true, hairpinMode: true, ipam },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}
