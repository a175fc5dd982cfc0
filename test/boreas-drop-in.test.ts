import { existsSync, rmdirSync } from "node:fs";
import { Readable } from "node:stream";
import { expect, onTestFinished, type TestContext, test } from "vitest";
import { BUSYBOX } from "./support/busybox-image.ts";
import { sharedEngine } from "./support/docker-engine.ts";
import type { Engine } from "./support/engine.ts";
import { isFree } from "./support/ports.ts";
import { startAgent } from "./support/test-agent.ts";
import { until } from "./support/until.ts";

/** The body of the README of Boreas's agent, to the letter. */
const BODY = `{
  "app": "my-app",
  "version": "v1.0.0",
  "pkg": {
    "type": "docker",
    "image": "my-app:v1.0.0",
    "command": ["/app/my-app"],
    "args": ["--config", "/app/config.yaml"],
    "environment": {
      "ENV": "production"
    },
    "volumes": [
      {
        "host_path": "/data",
        "container_path": "/app/data",
        "read_only": false
      }
    ],
    "ports": [
      {
        "host_port": 8080,
        "container_port": 8080,
        "protocol": "tcp"
      }
    ]
  }
}`;

/** What the image of the README would hold: a program that serves what it was started with. */
const DOCKERFILE = `FROM ${BUSYBOX}
RUN mkdir -p /app /www && echo 'level: info' > /app/config.yaml \\
 && printf '#!/bin/sh\\necho "$ENV $*" > /www/index.html; exec httpd -f -p 8080 -h /www\\n' > /app/my-app \\
 && chmod +x /app/my-app
`;

async function buildImage(engine: Engine, context: TestContext): Promise<void> {
  context.onTestFinished(() => engine.docker("rmi", "--force", "my-app:v1.0.0").then(() => undefined));
  await engine.run(["build", "--quiet", "--tag", "my-app:v1.0.0", "-"], {
    input: Readable.from(DOCKERFILE),
    environment: { DOCKER_BUILDKIT: "0" },
  });
}

test("a client of Boreas's agent finds what its README promises", { timeout: 120_000 }, async (context) => {
  const engine = await sharedEngine(context);
  if (!(await isFree(8080))) context.skip("port 8080 is taken");
  const hadData = existsSync("/data");
  onTestFinished(() => {
    if (!hadData && existsSync("/data")) rmdirSync("/data");
  });
  await buildImage(engine, context);
  const agent = await startAgent({ environment: { DOCKER_HOST: engine.host } });
  onTestFinished(() => agent.cleanUp(), 60_000);
  agent.showOnFailure();
  const get = async (path: string): Promise<unknown> => (await fetch(`${agent.url}${path}`)).json();

  const headers = { "content-type": "application/json" };
  const applied = await fetch(`${agent.url}/v1/apply`, { method: "POST", headers, body: BODY });
  expect(applied.status).toBe(200);
  expect(await applied.json()).toMatchObject({ success: true, app: "my-app", version: "v1.0.0" });

  const expected = {
    app: "my-app",
    version: "v1.0.0",
    healthy: { level: 100, msg: "Running" },
    status: "running",
    updated: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
  };
  await until("the app is healthy", async () => {
    const status = await get("/v1/status/my-app");
    return JSON.stringify(status).includes('"level":100');
  });
  expect(await get("/v1/status")).toMatchObject({ apps: [expected] });
  expect(await get("/v1/status/my-app")).toMatchObject(expected);
  expect(await get("/v1/health")).toEqual({ status: "healthy", service: expect.any(String) });

  expect(await (await fetch("http://127.0.0.1:8080/")).text()).toBe("production --config /app/config.yaml\n");
  const [container] = await engine.containers(`damson.owner=${agent.owner}`);
  expect(container?.HostConfig.Binds).toEqual(["/data:/app/data"]);
});
