import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipOf } from "@damson/artifact/testing";
import { type AppStatus, answer } from "@damson/client";
import { expect, onTestFinished, type TestContext, test } from "vitest";
import { BUSYBOX } from "./support/busybox-image.ts";
import { sharedEngine } from "./support/docker-engine.ts";
import type { Engine } from "./support/engine.ts";
import { freePort } from "./support/ports.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { startAgent, TestAgent } from "./support/test-agent.ts";

const EXECUTABLE = 0o100755;
/** Says what it sees, then goes on. `pwd` tells a container from a process. */
const START = `#!/bin/sh
pwd
echo "LD_LIBRARY_PATH=$LD_LIBRARY_PATH COLOUR=$COLOUR TASTE=$TASTE"
[ -f "$HOST_LIB/mark" ] && echo "host library" && { echo x > "$HOST_LIB/mark"; } 2>/dev/null || echo "read-only"
trap 'exit 0' TERM
while :; do sleep 0.1; done
`;

/** An app as Plum's users have it: start.sh, meta.ini, and libraries of its own. */
function artifactIn(directory: string): string {
  const path = join(directory, "demo.zip");
  const entries = [
    { name: "start.sh", content: START, mode: EXECUTABLE },
    { name: "meta.ini", content: "name=demo\nversion=v1\n" },
    { name: "lib/libown.so", content: "none" },
  ];
  writeFileSync(path, zipOf(entries));
  return path;
}

async function mixed(context: TestContext) {
  const engine = await sharedEngine(context);
  const directory = temporaryDirectory();
  const library = join(directory, "hostlib");
  mkdirSync(library);
  writeFileSync(join(library, "mark"), "here");
  const environment = {
    DOCKER_HOST: engine.host,
    AGENT_RUN_MODE: "docker",
    PLUM_BASE_IMAGE: BUSYBOX,
    PLUM_CONTAINER_ENV: "COLOUR=red,TASTE=sweet,sour",
    PLUM_CONTAINER_MEMORY: "128m",
    PLUM_CONTAINER_CPUS: "0.5",
    PLUM_CONTAINER_NETWORK_MODE: "none",
    PLUM_HOST_LIB_PATHS: `${library},/no/such/library`,
  };
  const agent = await startAgent({ environment });
  onTestFinished(() => agent.cleanUp(), 60_000);
  agent.showOnFailure();
  return { engine, agent, library, artifact: artifactIn(directory) };
}

async function apply(agent: TestAgent, body: object): Promise<AppStatus> {
  const spec = { app: "demo", version: "v1", update: { min_running: "0s" }, ...body };
  const query = { wait: "healthy", timeout: "60s" } as const;
  await answer(agent.client.api.POST("/v1/apply", { params: { query }, body: spec as never }));
  return statusOf(agent);
}

function statusOf(agent: TestAgent): Promise<AppStatus> {
  return answer(agent.client.api.GET("/v1/status/{app}", { params: { path: { app: "demo" } } }));
}

async function logOf(agent: TestAgent): Promise<string[]> {
  const lines: string[] = [];
  for await (const { text } of agent.client.logs("demo", {})) lines.push(text);
  return lines;
}

async function containerOf(engine: Engine, agent: TestAgent) {
  return (await engine.containers(`damson.owner=${agent.owner}`)).find(({ State }) => State.Running);
}

test("AGENT_RUN_MODE=docker runs artifacts in containers, with the node's defaults", {
  timeout: 120_000,
}, async (context) => {
  const { engine, agent, library, artifact } = await mixed(context);
  const pkg = { type: "artifact", path: artifact, environment: { HOST_LIB: library } };
  const status = await apply(agent, { pkg });
  expect(status.runtime).toBe("docker");
  expect(status.instances[0]?.container_id).toMatch(/^[0-9a-f]{64}$/);
  await expect
    .poll(() => logOf(agent))
    .toEqual([
      "/app",
      "LD_LIBRARY_PATH=/app/lib:/usr/lib:/lib COLOUR=red TASTE=sweet,sour",
      "host library",
      "read-only",
    ]);
  const container = await containerOf(engine, agent);
  expect(container?.HostConfig).toMatchObject({ Memory: 128 * 2 ** 20, NanoCpus: 5e8, NetworkMode: "none" });
  expect(container?.HostConfig.Binds).toEqual([expect.stringMatching(/:\/app$/), `${library}:${library}:ro`]);
  expect(agent.output).toContain("/no/such/library");
});

test("an app's own spec wins over the node's defaults", { timeout: 120_000 }, async (context) => {
  const { engine, agent, artifact } = await mixed(context);
  await apply(agent, {
    pkg: {
      type: "artifact",
      path: artifact,
      image: BUSYBOX,
      environment: { COLOUR: "blue", HOST_LIB: "/nowhere" },
      resources: { memory_limit: "64m" },
      network: "bridge",
    },
  });
  await expect
    .poll(() => logOf(agent))
    .toContain("LD_LIBRARY_PATH=/app/lib:/usr/lib:/lib COLOUR=blue TASTE=sweet,sour");
  expect((await containerOf(engine, agent))?.HostConfig).toMatchObject({
    Memory: 64 * 2 ** 20,
    NanoCpus: 5e8,
    NetworkMode: "bridge",
  });
});

test("an app moves between containers and processes by its package's type", { timeout: 120_000 }, async (context) => {
  const { engine, agent, artifact } = await mixed(context);
  const inContainer = { type: "artifact", path: artifact, environment: { HOST_LIB: "/nowhere" } };
  const asProcess = { type: "script", command: ["echo process", "exec sleep 86400"] };
  expect((await apply(agent, { version: "v1", pkg: inContainer })).runtime).toBe("docker");
  const moved = await apply(agent, { version: "v2", pkg: asProcess });
  expect(moved.runtime).toBe("process");
  expect(moved.instances[0]).toMatchObject({ pid: expect.any(Number) });
  expect(await engine.containers(`damson.owner=${agent.owner}`)).toEqual([]);
  const back = await apply(agent, {
    version: "v3",
    pkg: { type: "docker", image: BUSYBOX, command: ["sleep", "86400"] },
  });
  expect(back.runtime).toBe("docker");
  expect(() => process.kill(moved.instances[0]?.pid ?? 0, 0)).toThrow(/ESRCH/);
});

test("an app goes on where it runs when the mode is changed, until its next version", {
  timeout: 120_000,
}, async (context) => {
  const engine = await sharedEngine(context);
  const [workDir, port] = [temporaryDirectory(), await freePort()];
  const environment = { DOCKER_HOST: engine.host, PLUM_BASE_IMAGE: BUSYBOX };
  const before = new TestAgent(port, { workDir, environment });
  const after = new TestAgent(port, { workDir, environment: { ...environment, AGENT_RUN_MODE: "docker" } });
  onTestFinished(() => after.cleanUp(), 60_000);
  const pkg = { type: "artifact", path: artifactIn(temporaryDirectory()), environment: { HOST_LIB: "/nowhere" } };
  await before.start();
  const first = await apply(before, { pkg });
  expect(first.runtime).toBe("process");
  await before.end("SIGKILL");
  await after.start();
  await expect.poll(() => statusOf(after)).toMatchObject({ phase: "running", runtime: "process" });
  expect((await statusOf(after)).instances[0]).toMatchObject({ pid: first.instances[0]?.pid, restarts: 0 });
  expect((await apply(after, { version: "v2", pkg })).runtime).toBe("docker");
  expect(() => process.kill(first.instances[0]?.pid ?? 0, 0)).toThrow(/ESRCH/);
});
