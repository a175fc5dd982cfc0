import { randomBytes } from "node:crypto";
import { statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { zipOf } from "@damson/artifact/testing";
import { answer, createAgentClient, createControllerClient } from "@damson/client";
import { expect, onTestFinished, type TestContext, test } from "vitest";
import { BUSYBOX } from "./support/busybox-image.ts";
import { sharedEngine } from "./support/docker-engine.ts";
import type { Engine } from "./support/engine.ts";
import { leaveOut } from "./support/leave-out.ts";
import { freePort } from "./support/ports.ts";
import { findProgram } from "./support/require-or-skip.ts";
import { runProgram } from "./support/run-program.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { until } from "./support/until.ts";

const ROOT = resolve(import.meta.dirname, "..");
/** An image with a Node.js 24; the testbed makes it. */
const NODE_IMAGE = process.env.DAMSON_TEST_NODE_IMAGE ?? "testbed/node:24";
const EXECUTABLE = 0o100755;

/** Brings the compose file up under a name of its own, and down again with all that came with it. */
async function composed(context: TestContext) {
  const engine = await sharedEngine(context);
  const compose = findProgram("docker-compose");
  if (!compose) leaveOut(context, "no docker-compose");
  if (!engine.host.startsWith("unix://")) leaveOut(context, "the Docker Engine has no socket here");
  if ((await engine.docker("images", "--quiet", NODE_IMAGE)) === "") leaveOut(context, `no image ${NODE_IMAGE}`);
  const socket = engine.host.slice("unix://".length);
  const project = `damson-test-${randomBytes(4).toString("hex")}`;
  const port = await freePort();
  const controllerPort = await freePort();
  const token = randomBytes(16).toString("hex");
  const environment = {
    DOCKER_BUILDKIT: "0",
    COMPOSE_DOCKER_CLI_BUILD: "0",
    BASE_IMAGE: NODE_IMAGE,
    AGENT_IMAGE: `${project}:latest`,
    AGENT_ADDRESS: `127.0.0.1:${port}`,
    CONTROLLER_IMAGE: `${project}-controller:latest`,
    CONTROLLER_ADDRESS: `127.0.0.1:${controllerPort}`,
    DOCKER_SOCKET: socket,
    DOCKER_GID: String(statSync(socket).gid),
    DAMSON_TOKEN: token,
    PLUM_BASE_IMAGE: BUSYBOX,
  };
  const run = (...words: string[]) =>
    runProgram(
      "docker-compose",
      ["--project-directory", ROOT, "--file", join(ROOT, "docker-compose.yml"), "--project-name", project, ...words],
      { environment },
    );
  await runProgram("npm", ["run", "--prefix", ROOT, "image:stage"]);
  onTestFinished(async () => {
    await run("down", "--volumes", "--rmi", "all");
  }, 120_000);
  await run("up", "--build", "--detach");
  const agent = `${project}_agent_1`;
  const controller = `${project}_controller_1`;
  const { api, logs } = createAgentClient({ url: `http://127.0.0.1:${port}`, timeoutMs: 60_000, token });
  const cluster = createControllerClient({ url: `http://127.0.0.1:${controllerPort}`, timeoutMs: 60_000, token });
  onTestFinished(async () => {
    for (const { name: id } of await answer(cluster.api.GET("/v1/deployments"))) {
      await cluster.api.DELETE("/v1/deployments/{id}", { params: { path: { id } } });
    }
    const apps = await until("the controller's apps are gone", async () => {
      const status = await answer(api.GET("/v1/status"));
      return status.apps.every(({ assignment }) => !assignment) && status.apps;
    });
    const query = { wait: true, timeout: "30s" };
    for (const { app } of apps) await answer(api.DELETE("/v1/apps/{app}", { params: { path: { app }, query } }));
  }, 60_000);
  await healthy(engine, controller);
  await healthy(engine, agent);
  return { engine, agent, controller, api, cluster, logs };
}

/** Waits until the container's own health check has passed. */
async function healthy(engine: Engine, container: string): Promise<void> {
  const health = () => engine.docker("inspect", "--format", "{{.State.Health.Status}}", container);
  await until(`${container} is healthy`, async () => (await health()) === "healthy", 60_000);
}

async function theOnly(engine: Engine, app: string, agent: string) {
  // Of this agent alone: others may use the engine.
  const owner = JSON.parse(await engine.docker("exec", agent, "cat", "/var/lib/damson/agent.json")).data.owner;
  const found = (await engine.containers(`damson.owner=${owner}`)).filter(
    ({ Config, State }) => Config.Labels["damson.app"] === app && State.Running,
  );
  expect(found).toHaveLength(1);
  return found[0];
}

test("everything in containers: apps run beside the agent's container, and outlive its restart", {
  timeout: 600_000,
}, async (context) => {
  const { engine, agent, controller, api, cluster, logs } = await composed(context);
  const query = { wait: "healthy", timeout: "60s" } as const;
  const pkg = { type: "docker", image: BUSYBOX, command: ["sh", "-c", "echo up; exec sleep 86400"] };
  await answer(api.POST("/v1/apply", { params: { query }, body: { app: "beside", version: "v1", pkg } }));
  const before = await theOnly(engine, "beside", agent);

  expect(await engine.docker("exec", agent, "id", "-u")).toBe("10001");

  await engine.docker("restart", agent);
  await healthy(engine, agent);
  const status = await until("the next agent has found the app", async () => {
    const found = await answer(api.GET("/v1/status/{app}", { params: { path: { app: "beside" } } }));
    return found.healthy.level === 100 && found;
  });
  expect(status).toMatchObject({ phase: "running", restarts: 0, instances: [{ container_id: before?.Id }] });
  expect((await theOnly(engine, "beside", agent))?.State).toMatchObject({
    Pid: before?.State.Pid,
    StartedAt: before?.State.StartedAt,
  });

  const archive = join(temporaryDirectory(), "demo.zip");
  writeFileSync(
    archive,
    zipOf([{ name: "start.sh", content: "#!/bin/sh\npwd; exec sleep 86400\n", mode: EXECUTABLE }]),
  );
  await engine.docker("cp", archive, `${agent}:/var/lib/damson/demo.zip`);
  const artifact = { type: "artifact", path: "/var/lib/damson/demo.zip" };
  await answer(api.POST("/v1/apply", { params: { query }, body: { app: "demo", version: "v1", pkg: artifact } }));
  const lines = await Array.fromAsync(logs("demo", {}));
  expect(lines.map(({ text }) => text)).toEqual(["/app"]);

  await throughController({ engine, agent, controller, api, cluster });
});

/** An archive goes to the controller, which has the agent run it; both outlive a restart of the controller. */
async function throughController({
  engine,
  agent,
  controller,
  api,
  cluster,
}: Omit<Awaited<ReturnType<typeof composed>>, "logs">): Promise<void> {
  expect(await engine.docker("exec", controller, "id", "-u")).toBe("10001");
  const archive = zipOf([
    { name: "start.sh", content: "#!/bin/sh\nexec sleep 86400\n", mode: EXECUTABLE },
    { name: "meta.ini", content: "name=spread\nversion=1\n" },
  ]);
  const { url } = await cluster.upload(new Blob([new Uint8Array(archive)]));
  const query = { wait: "healthy", timeout: "60s" } as const;
  const body = { name: "spread", artifactUrl: url, replicas: { docker: 1 } };
  const { instances } = await answer(cluster.api.POST("/v1/deployments", { params: { query }, body }));
  const [instance = ""] = instances;
  const before = await theOnly(engine, instance, agent);

  await engine.docker("restart", controller);
  await healthy(engine, controller);
  const nodes = await until("the agent has come back to the controller", async () => {
    const found = await answer(cluster.api.GET("/v1/nodes"));
    const { controller: link } = await answer(api.GET("/v1/status"));
    return link?.state === "connected" && found;
  });
  expect(nodes).toMatchObject([{ nodeId: "docker", health: "Healthy", instances: 1 }]);
  expect((await theOnly(engine, instance, agent))?.Id).toBe(before?.Id);
}
