import { readdirSync, rmSync } from "node:fs";
import { type AppStatus, answer } from "@damson/client";
import { expect, onTestFinished, test } from "vitest";
import { nginxApp } from "./real-programs/nginx.ts";
import { redis } from "./real-programs/redis.ts";
import { request, SteadyClient } from "./real-programs/steady-client.ts";
import { freePort, isFree } from "./support/ports.ts";
import { pidsIn, runProcesses } from "./support/proc.ts";
import { findProgram, requireOrSkip } from "./support/require-or-skip.ts";
import { temporaryDirectory } from "./support/temporary-directory.ts";
import { startAgent, type TestAgent } from "./support/test-agent.ts";
import { until } from "./support/until.ts";

const nginx = findProgram("nginx") ?? "";
const redisServer = findProgram("redis-server") ?? "";

requireOrSkip("nginx", nginx !== "")("nginx", () => {
  test("is updated and rolled back without one failed request, and deleted without a trace", async () => {
    const agent = await agentForTest();
    const directory = temporaryDirectory();
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const { api } = agent.client;
    const params = { path: { app: "web" } };
    const before = files(agent);
    const [one, two] = [await freePort(), await freePort()];
    const query = { wait: "healthy", timeout: "60s" } as const;

    await answer(api.POST("/v1/apply", { body: nginxApp(nginx, directory, "1", one), params: { query } }));
    const clients = [true, false].map((keepAlive) => new SteadyClient(urlOf(one), "1\n", keepAlive));
    onTestFinished(async () => void (await Promise.all(clients.map((client) => client.stop()))));
    await moreAnswers(clients);

    const body = nginxApp(nginx, directory, "2", two);
    const updated = answer(api.POST("/v1/apply", { body, params: { query } }));
    await switchOver(agent, clients, two, "2");
    await updated;
    await settledOn(agent, "2");
    expect(await isFree(one)).toBe(true);
    await moreAnswers(clients);

    const rolledBack = answer(
      api.POST("/v1/apps/{app}/rollback", { params: { ...params, query: { wait: true, timeout: "60s" } } }),
    );
    await switchOver(agent, clients, one, "1");
    expect(await rolledBack).toMatchObject({ version: "1" });
    await settledOn(agent, "1");
    expect(await isFree(two)).toBe(true);
    await moreAnswers(clients);

    await Promise.all(clients.map((client) => client.stop()));
    expect(clients.flatMap((client) => client.failures)).toEqual([]);
    expect((await statusOf(agent)).restarts).toBe(0);

    await answer(api.DELETE("/v1/apps/{app}", { params: { ...params, query: { wait: true } } }));
    await expectNoTrace(agent, before, one);
  });
});

requireOrSkip("redis-server", redisServer !== "")("redis-server", () => {
  test("keeps its data over a kill -9 of its own, tells how it ended, and is deleted without a trace", async () => {
    const agent = await agentForTest();
    const { api } = agent.client;
    const params = { path: { app: "cache" } };
    const before = files(agent);
    const port = await freePort();
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--appendonly", "yes", "--appendfsync", "always"];
    const pkg = { type: "binary", command: [redisServer], args };

    const query = { wait: "healthy" } as const;
    await answer(api.POST("/v1/apply", { body: { app: "cache", version: "7", pkg }, params: { query } }));
    expect(await redis(port, "SET greeting hello")).toBe("+OK\r\n");

    const [first] = (await answer(api.GET("/v1/status/{app}", { params }))).instances;
    process.kill(first?.pid ?? Number.NaN, "SIGKILL");
    await until("redis answers again", async () => (await redis(port, "GET greeting")) === "$5\r\nhello\r\n");
    const { restarts, instances } = await answer(api.GET("/v1/status/{app}", { params }));
    expect({ restarts, run: instances[0]?.run }).toEqual({ restarts: 1, run: 2 });
    expect(instances[0]?.pid).not.toBe(first?.pid);
    const { exits } = await answer(api.GET("/v1/apps/{app}/exits", { params }));
    expect(exits).toMatchObject([{ run: 1, code: 137, signal: "SIGKILL", reason: "signal", oom: false }]);
    const lines = await Array.fromAsync(agent.client.logs("cache", {}));
    expect(lines.filter(({ text }) => text.includes("Ready to accept connections"))).toHaveLength(2);

    await answer(api.DELETE("/v1/apps/{app}", { params: { ...params, query: { wait: true } } }));
    await expectNoTrace(agent, before, port);
  });
});

async function agentForTest(): Promise<TestAgent> {
  const agent = await startAgent();
  onTestFinished(() => agent.cleanUp());
  agent.showOnFailure();
  await agent.ready();
  return agent;
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}/`;
}

async function statusOf({ client }: TestAgent): Promise<AppStatus> {
  return answer(client.api.GET("/v1/status/{app}", { params: { path: { app: "web" } } }));
}

/** Sends the clients to the new port once the new version runs and answers there, as whoever routes to an app would. */
async function switchOver(agent: TestAgent, clients: readonly SteadyClient[], port: number, version: string) {
  await until(`version ${version} runs`, async () =>
    (await statusOf(agent)).instances.some((one) => one.version === version && one.phase === "running"),
  );
  await until(`version ${version} answers`, async () => (await request(urlOf(port))) === `${version}\n`);
  for (const client of clients) {
    client.expected = `${version}\n`;
    client.url = urlOf(port);
  }
}

/** Waits until only this version is left, and its update is done. */
async function settledOn(agent: TestAgent, version: string): Promise<void> {
  await until(`only version ${version} is left`, async () => {
    const { update, instances } = await statusOf(agent);
    return update?.state === "done" && instances.length === 1 && instances[0]?.version === version;
  });
}

async function moreAnswers(clients: readonly SteadyClient[]): Promise<void> {
  const goals = clients.map((client) => client.answered + 100);
  await until("100 more answers to each client", () =>
    clients.every((client, index) => client.answered >= (goals[index] ?? 0) || client.failures.length > 0),
  );
}

/** Everything in the work directory. */
function files({ workDir }: TestAgent): string[] {
  return readdirSync(workDir, { recursive: true, encoding: "utf8" }).sort();
}

async function expectNoTrace(agent: TestAgent, before: readonly string[], port: number): Promise<void> {
  expect(runProcesses(agent.owner)).toEqual([]);
  expect(pidsIn(agent.workDir)).toEqual([]);
  expect(await isFree(port)).toBe(true);
  expect(files(agent).filter((file) => !before.includes(file) && !file.includes("/logs"))).toEqual([]);
}
