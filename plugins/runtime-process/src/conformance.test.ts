import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Handle, Instance } from "@damson/plugin-sdk";
import { hostProcessesOf, type RuntimeHarness, runtimeConformance } from "@damson/plugin-sdk/testing";
import { vi } from "vitest";
import { startInDyingAgent } from "./fixtures/dying-agent-runner.ts";
import { quiet } from "./fixtures/quiet-log.ts";
import { createProcessRuntime, type ProcessRuntime } from "./index.ts";
import { isAlive, readStat } from "./process/identity.ts";
import { processesOf } from "./run/unit.ts";

const everything = {
  args: ["--port", "3000"],
  environment: { LOG_LEVEL: "info" },
  user: "nobody",
  replicas: 2,
  resources: { cpu_limit: "0.5", memory_limit: "512m", cpu_set: "0-1,3" },
  ports: [{ host_port: 3000, container_port: 3000, protocol: "tcp" }],
  logs: { max_size: "1m", max_files: 3 },
  working_dir: "/srv",
};
const sha256 = "0".repeat(64);

function processHarness(): RuntimeHarness {
  const directory = mkdtempSync(join(tmpdir(), "damson-conformance-"));
  const opened: ProcessRuntime[] = [];
  const servers: Server[] = [];
  const strangers = new Set<() => void>();

  function open(owner: string): ProcessRuntime {
    const runtime = createProcessRuntime({ directory, owner, log: quiet });
    opened.push(runtime);
    return runtime;
  }
  function processes(handle: Handle) {
    const found = processesOf(handle);
    if (!found) throw new Error("the handle names no processes");
    return found;
  }
  const probe = open("probe");

  return {
    capabilities: probe.capabilities,
    limitsCanBeSet: probe.capabilities.limits.memory,
    open: async (owner) => open(owner),
    package: ({ script, environment, memoryLimit }) => ({
      type: "binary",
      command: ["sh", "-c", script],
      environment,
      ...(memoryLimit === undefined ? {} : { resources: { memory_limit: memoryLimit } }),
    }),
    samples: {
      binary: { type: "binary", command: ["/usr/bin/node", "server.js"], ...everything },
      script: { type: "script", command: ["echo one", "echo two"], shell: "bash", ...everything },
      artifact: { type: "artifact", url: "https://example.org/app.zip", sha256, command: ["./run"], ...everything },
    },
    commandMissing: () => ({ type: "binary", command: ["/does/not/exist"] }),
    inadmissible: () => ({ type: "binary", command: ["no-such-program-on-this-machine"] }),
    async workingDirectory() {
      const working_dir = await mkdtemp(join(directory, "vanishes-"));
      return {
        pkg: { type: "binary", command: ["sleep", "86400"], working_dir },
        vanish: () => rm(working_dir, { recursive: true }),
      };
    },
    async preparesForever() {
      const server = createServer(() => undefined).listen(0, "127.0.0.1");
      servers.push(server);
      await once(server, "listening");
      const address = server.address();
      const port = typeof address === "object" ? address?.port : 0;
      return { type: "artifact", url: `http://127.0.0.1:${port}/app.zip`, sha256 };
    },
    alive: async (instance) =>
      (await hostProcessesOf(instance))
        .filter(({ commandLine }) => !commandLine.some((word) => word.endsWith("/shim.sh")))
        .map(({ pid }) => String(pid)),
    async traces({ owner, instanceId }: Instance) {
      const found = (path: string) => readdirSync(join(directory, owner, path));
      return [
        ...found("status").filter((name) => name.startsWith(`${instanceId}.`)),
        ...found("instances").filter((name) => name === instanceId),
      ];
    },
    async signalUnit(handle, signal) {
      process.kill(processes(handle).app.pid, signal);
    },
    async killHelper(handle) {
      const { shim } = processes(handle);
      process.kill(shim.pid, "SIGKILL");
      await vi.waitFor(() => {
        if (isAlive(shim)) throw new Error("the shim still lives");
      });
    },
    async startInDyingAgent(instance, afterMs) {
      await startInDyingAgent(directory, instance, afterMs === undefined ? {} : { afterMs });
    },
    async makeUnkillable(handle) {
      const { pid } = processes(handle).app;
      const kill = process.kill.bind(process);
      const spy = vi
        .spyOn(process, "kill")
        .mockImplementation((target, signal) => target === pid || kill(target, signal));
      strangers.add(() => {
        spy.mockRestore();
        if (readStat(pid)) process.kill(pid, "SIGKILL");
      });
    },
    async reuseId(handle) {
      const stranger = spawn("sleep", ["86400"], { stdio: "ignore" });
      await once(stranger, "spawn");
      strangers.add(() => stranger.kill("SIGKILL"));
      const pid = stranger.pid ?? 0;
      const { shim, app } = processes(handle);
      rmSync(join(directory, handle.owner, "status", `${handle.instanceId}.${handle.run}`));
      return {
        handle: {
          ...handle,
          unit: { pid },
          data: { ...handle.data, shim: { ...shim, pid }, app: { ...app, pid } },
        },
        strangerLives: async () => readStat(pid) !== undefined,
      };
    },
    async cleanup() {
      for (const end of strangers) end();
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      for (const runtime of opened) runtime.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

runtimeConformance("process", processHarness);
