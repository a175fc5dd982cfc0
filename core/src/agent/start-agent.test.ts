import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newDocument } from "./changes.ts";
import { FakeController } from "./link/fixtures/fake-controller.ts";
import type { AppSpec } from "./schema/apply.ts";
import { type RunningAgent, startAgent } from "./start-agent.ts";

let directory: string;
let running: RunningAgent[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "damson-start-"));
  running = [];
});
afterEach(async () => {
  for (const agent of running) await agent.stop();
  await rm(directory, { recursive: true });
});

async function start(extra: Partial<Parameters<typeof startAgent>[0]> = {}): Promise<RunningAgent> {
  const agent = await startAgent({
    workDir: join(directory, "work"),
    host: "127.0.0.1",
    port: 0,
    agentId: "a1",
    nodeId: "n1",
    pluginsFile: undefined,
    installation: directory,
    logger: pino({ level: "silent" }),
    version: "0.0.0",
    ...extra,
  });
  running.push(agent);
  return agent;
}

describe("startAgent", () => {
  test("serves its API, and keeps its state to itself", async () => {
    const agent = await start();
    expect(await (await fetch(`${agent.url}/v1/health`)).json()).toEqual({
      status: "healthy",
      service: "damson-agent",
    });
    expect(await (await fetch(`${agent.url}/v1/status`)).json()).toEqual({ apps: [], damaged: [] });
    const mode = async (...path: string[]) => (await stat(join(directory, "work", ...path))).mode & 0o777;
    expect([await mode(), await mode("apps"), await mode("agent.json")]).toEqual([0o711, 0o700, 0o600]);
  });

  test("takes over the documents of schema 1, which knew no runtime of an intent", async () => {
    const spec: AppSpec = { app: "shop", version: "v1", pkg: { type: "binary" } };
    const data = newDocument(spec, new Date("2026-01-01T00:00:00Z"));
    await mkdir(join(directory, "work", "apps"), { recursive: true });
    await writeFile(join(directory, "work", "apps", "shop.json"), JSON.stringify({ schema: 1, data }));
    const agent = await start();
    expect(await (await fetch(`${agent.url}/v1/status`)).json()).toMatchObject({
      apps: [{ app: "shop" }],
      damaged: [],
    });
  });

  test("refuses a work directory that another agent uses, and names it", async () => {
    const agent = await start();
    await expect(start()).rejects.toMatchObject({
      code: "WORK_DIR_LOCKED",
      message: expect.stringContaining(agent.url),
    });
    await agent.stop();
    await start();
  });

  test("refuses a port that is taken, and lets go of the work directory", async () => {
    const agent = await start();
    const other = { workDir: join(directory, "other"), port: Number(new URL(agent.url).port) };
    await expect(start(other)).rejects.toMatchObject({ code: "PORT_TAKEN", status: 409 });
    await start({ ...other, port: 0 });
  });

  test("says what is wrong with a work directory or an address that cannot be", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    for (const workDir of [file, join(file, "below"), "/proc/none/of/it"]) {
      await expect(start({ workDir })).rejects.toMatchObject({
        code: "WORK_DIR_UNUSABLE",
        remedy: expect.stringContaining("--work-dir"),
      });
    }
    await start({ workDir: join(directory, "made", "on", "the", "way") });
    const elsewhere = start({ host: "192.0.2.1", insecure: true });
    await expect(elsewhere).rejects.toMatchObject({ code: "LISTEN_FAILED", remedy: expect.stringContaining("--host") });
  });

  test("refuses to listen to the world without a token", async () => {
    await expect(start({ host: "0.0.0.0" })).rejects.toMatchObject({ code: "BIND_REFUSED" });
    const agent = await start({ host: "0.0.0.0", insecure: true });
    const local = agent.url.replace("0.0.0.0", "127.0.0.1");
    expect(await (await fetch(`${local}/v1/status`)).json()).toMatchObject({ insecure: true });
  });

  test("ends when it is asked to over HTTP", async () => {
    const agent = await start();
    const answer = await fetch(`${agent.url}/v1/agent/stop`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(answer.status).toBe(200);
    await agent.ended;
    await expect(fetch(`${agent.url}/v1/health`)).rejects.toThrow();
  });

  test("keeps its identity, and refuses to begin with a new one when the old is damaged", async () => {
    await (await start()).stop();
    const file = join(directory, "work", "agent.json");
    const before = await readFile(file, "utf8");
    await (await start()).stop();
    expect(await readFile(file, "utf8")).toBe(before);
    await writeFile(file, "{");
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(start()).rejects.toMatchObject({ code: "AGENT_IDENTITY_DAMAGED" });
    }
  });

  test("reports a damaged app document and serves the rest", async () => {
    await (await start()).stop();
    await writeFile(join(directory, "work", "apps", "shop.json"), '{"schema":1,"data":{"app":"shop"}}');
    const agent = await start();
    await vi.waitFor(async () =>
      expect(await (await fetch(`${agent.url}/v1/status`)).json()).toMatchObject({
        apps: [],
        damaged: [{ name: "shop" }],
      }),
    );
  });

  test("joins a controller, shows how it stands with it, and starts without one that is away", async () => {
    const controller = new FakeController();
    await controller.open();
    const agent = await start({ controller: { url: controller.url } });
    const get = async (path: string) => (await fetch(`${agent.url}${path}`)).json();
    await vi.waitFor(async () => expect(await get("/v1/controller")).toMatchObject({ state: "connected" }));
    expect(controller.facts()).toMatchObject({
      ip: "127.0.0.1",
      url: agent.url,
      capacity: { memory: expect.any(Number) },
    });
    expect(await (await fetch(`${agent.url}/metrics`)).text()).toContain("damson_controller_connected 1");
    await controller.close();
    const other = await start({ workDir: join(directory, "other"), controller: { url: controller.url } });
    expect(await (await fetch(`${other.url}/v1/status`)).json()).toMatchObject({
      controller: { url: controller.url, state: "connecting", waiting: true, left: [] },
    });
  });

  test("without a controller has none to show", async () => {
    const agent = await start();
    const answer = await fetch(`${agent.url}/v1/controller`);
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: "NO_CONTROLLER" }]);
  });

  test("a run mode that no plugin brings stops the start; one whose plugin is absent does not, and is warned of", async () => {
    await expect(start({ runMode: "dokcer" })).rejects.toMatchObject({
      code: "RUN_MODE_UNKNOWN",
      remedy: expect.stringContaining("Runtimes here: none"),
    });
    const pluginsFile = join(directory, "plugins.yaml");
    await writeFile(pluginsFile, 'plugins:\n  - use: "@nobody/runtime-docker"\n');
    const agent = await start({ pluginsFile, runMode: "docker" });
    expect(await (await fetch(`${agent.url}/v1/plugins`)).json()).toMatchObject({
      plugins: [{ state: "failed", code: "PLUGIN_NOT_FOUND" }],
      warnings: [expect.stringContaining('the runtime "docker" is not loaded')],
    });
  });

  test("a required plugin that is absent stops the start", async () => {
    const pluginsFile = join(directory, "plugins.yaml");
    await writeFile(pluginsFile, 'plugins:\n  - use: "@nobody/nothing"\n    required: true\n');
    await expect(start({ pluginsFile })).rejects.toMatchObject({ code: "PLUGIN_NOT_FOUND" });
    await start();
  });
});
