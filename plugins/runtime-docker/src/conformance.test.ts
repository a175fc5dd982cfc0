import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Handle, Instance } from "@damson/plugin-sdk";
import { hostProcessesOf, type RuntimeHarness, runtimeConformance } from "@damson/plugin-sdk/testing";
import Docker from "dockerode";
import { describe, it } from "vitest";
import { startInDyingAgent } from "./fixtures/dying-agent-runner.ts";
import { quiet } from "./fixtures/quiet-log.ts";
import { IMAGE, noEngine, nothingPulled } from "./fixtures/test-engine.ts";
import { createDockerRuntime, type DockerRuntime } from "./index.ts";
import { LABELS } from "./unit/labels.ts";

const everything = {
  args: ["--port", "3000"],
  environment: { LOG_LEVEL: "info" },
  user: "nobody:nogroup",
  working_dir: "/srv",
  replicas: 2,
  resources: { cpu_limit: "0.5", memory_limit: "512m", cpu_set: "0-1", pids_limit: 100 },
  ports: [{ host_port: 3000, container_port: 80, protocol: "tcp", host_ip: "127.0.0.1" }],
  volumes: [
    { host_path: "/data", container_path: "/app/data", read_only: true },
    { name: "cache", container_path: "/cache" },
    { tmpfs: "16m", container_path: "/scratch" },
  ],
  network: "app",
  extra_hosts: { registry: "10.0.0.1" },
  pull_policy: "never",
  read_only: true,
  capabilities: ["NET_BIND_SERVICE"],
  init: false,
  logs: { max_size: "1m", max_files: 3 },
  log_driver: { type: "json-file", options: { labels: "team" } },
};

function dockerHarness(): RuntimeHarness {
  const directory = mkdtempSync(join(tmpdir(), "damson-docker-"));
  const docker = new Docker();
  const opened: DockerRuntime[] = [];
  const silent: Server[] = [];

  async function open(owner: string): Promise<DockerRuntime> {
    const runtime = createDockerRuntime({
      directory: join(directory, owner),
      owner,
      log: quiet,
      env: process.env,
      pulled: nothingPulled(),
      // A flood of the suite fits in: what the engine drops, it does not count.
      config: { defaults: { logs: { max_size: "200m", max_files: 2 } } },
    });
    opened.push(runtime);
    await runtime.check();
    return runtime;
  }

  return {
    capabilities: {
      limits: { cpu: true, memory: true, cpuSet: true },
      ports: true,
      volumes: true,
      user: true,
      stats: true,
      exec: true,
      actions: [],
    },
    limitsCanBeSet: true,
    open,
    package: ({ script, environment, memoryLimit }) => ({
      type: "docker",
      image: IMAGE,
      command: ["/bin/sh", "-c", script],
      // Networks are not what the suite is about, and take the most time of a start.
      network: "none",
      environment,
      ...(memoryLimit === undefined ? {} : { resources: { memory_limit: memoryLimit } }),
    }),
    samples: {
      docker: { type: "docker", image: "shop:v1", command: ["/app/shop"], ...everything },
      artifact: {
        type: "artifact",
        url: "https://example.org/app.zip",
        sha256: "0".repeat(64),
        command: ["./run"],
        image: "debian:12",
        ...everything,
      },
    },
    commandMissing: () => ({ type: "docker", image: IMAGE, command: ["/does/not/exist"] }),
    inadmissible: () => ({ type: "docker", image: "no-such-image:v1", pull_policy: "never" }),
    async preparesForever() {
      const server = createServer().listen(0, "127.0.0.1");
      silent.push(server);
      await once(server, "listening");
      const address = server.address();
      const port = typeof address === "object" ? address?.port : 0;
      return { type: "docker", image: `127.0.0.1:${port}/silent:v1` };
    },
    // The container's init carries the unit's environment too.
    alive: async (instance) =>
      (await hostProcessesOf(instance))
        .filter(({ commandLine: [program = ""] }) => !program.endsWith("docker-init"))
        .map(({ pid }) => String(pid)),
    async traces({ owner, instanceId }: Instance) {
      const label = [`${LABELS.owner}=${owner}`, `${LABELS.instance}=${instanceId}`];
      return (await docker.listContainers({ all: true, filters: { label } })).map(({ Id }) => Id);
    },
    async signalUnit(handle, signal) {
      process.kill(await mainPid(docker, handle), signal);
    },
    async startInDyingAgent(instance, afterMs) {
      await startInDyingAgent(join(directory, instance.owner), instance, afterMs === undefined ? {} : { afterMs });
    },
    async cleanup() {
      for (const runtime of opened) runtime.close();
      for (const server of silent) server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The child of the container's init: the shell that runs the script. */
async function mainPid(docker: Docker, handle: Handle): Promise<number> {
  const { Processes } = await docker.getContainer(String(handle.data.id)).top({ ps_args: "-eo pid,ppid" });
  const { State } = await docker.getContainer(String(handle.data.id)).inspect();
  const found = Processes.find(([, parent]: string[]) => parent === String(State.Pid));
  if (!found) throw new Error("the container has no main process");
  return Number(found[0]);
}

if (noEngine === undefined) runtimeConformance("docker", dockerHarness);
else describe("runtime docker", () => it("keeps to the contract", ({ skip }) => skip(noEngine)));
