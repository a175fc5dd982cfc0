import { answer, type StatusList } from "@damson/client";
import { expect, onTestFinished, type TestContext, test } from "vitest";
import { BUSYBOX } from "./support/busybox-image.ts";
import { type PrivateEngine, startEngine } from "./support/docker-engine.ts";
import type { Container } from "./support/engine.ts";
import { startAgent, type TestAgent } from "./support/test-agent.ts";
import { until } from "./support/until.ts";

const APPS = 20;
/** What was promised: states are right within this time of the engine's return. */
const RIGHT_WITHIN_MS = 5_000;
const CODE = 7;
const SCRIPT = `trap 'exit ${CODE}' TERM; echo started; while :; do sleep 0.1; done`;

interface Scene {
  readonly engine: PrivateEngine;
  readonly agent: TestAgent;
  /** The containers of the apps before the outage. */
  readonly before: readonly Container[];
}

/** Twenty apps that run in containers of an engine of their own. */
async function scene(context: TestContext, liveRestore: boolean): Promise<Scene> {
  const engine = await startEngine(context, { liveRestore });
  const agent = await startAgent({ environment: { DOCKER_HOST: engine.host } });
  onTestFinished(() => agent.cleanUp(), 120_000);
  agent.showOnFailure();
  const pkg = { type: "docker", image: BUSYBOX, command: ["sh", "-c", SCRIPT], network: "none" };
  const names = Array.from({ length: APPS }, (_, index) => `app-${index + 1}`);
  await Promise.all(
    names.map((app) =>
      answer(
        agent.client.api.POST("/v1/apply", {
          params: { query: { wait: "healthy", timeout: "60s" } },
          body: { app, version: "v1", pkg, update: { min_running: "0s" } },
        }),
      ),
    ),
  );
  const before = await running(engine, agent);
  expect(before).toHaveLength(APPS);
  return { engine, agent, before };
}

async function running(engine: PrivateEngine, agent: TestAgent): Promise<Container[]> {
  const all = await engine.containers(`damson.owner=${agent.owner}`);
  return all.filter(({ State }) => State.Running).toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
}

function isWell({ apps }: StatusList): boolean {
  return apps.length === APPS && apps.every(({ phase, healthy }) => phase === "running" && healthy.level === 100);
}

async function exitsOf(agent: TestAgent, app: string) {
  const { exits } = await answer(agent.client.api.GET("/v1/apps/{app}/exits", { params: { path: { app } } }));
  return exits;
}

/** While the engine is away nothing is known of the apps, and nothing is declared dead. */
async function expectUnseen(agent: TestAgent): Promise<void> {
  const { apps } = await until("the agent has noticed that the engine is away", async () => {
    const status = await agent.status();
    return status.apps.every(({ reason }) => reason?.includes("container engine")) && status;
  });
  for (const { app, healthy, restarts } of apps) {
    expect({ app, level: healthy.level, restarts, exits: await exitsOf(agent, app) }).toEqual({
      app,
      level: 0,
      restarts: 0,
      exits: [],
    });
  }
  const { plugins } = await answer(agent.client.api.GET("/v1/plugins"));
  expect(plugins.find(({ id }) => id === "runtime-docker")).toMatchObject({
    state: "degraded",
    reason: expect.stringContaining("container engine"),
  });
}

/** The same containers, the same processes, and not one of them started again. */
async function expectUntouched({ engine, agent, before }: Scene): Promise<void> {
  const after = await running(engine, agent);
  const facts = ({ Id, State }: Container) => ({ Id, Pid: State.Pid, StartedAt: State.StartedAt });
  expect(after.map(facts)).toEqual(before.map(facts));
  for (const { app, restarts } of (await agent.status()).apps) {
    expect({ app, restarts, exits: await exitsOf(agent, app) }).toEqual({ app, restarts: 0, exits: [] });
  }
  for (const { Id } of after) expect((await engine.logs(Id)).stdout).toBe("started\n");
}

test("dockerd is killed and comes back under a living agent: with live restore no app notices", async (context) => {
  const one = await scene(context, true);
  await one.engine.kill();
  await expectUnseen(one.agent);
  await one.engine.start();
  await until("all apps are seen running", async () => isWell(await one.agent.status()), RIGHT_WITHIN_MS);
  await expectUntouched(one);
}, 180_000);

test("the agent dies, dockerd dies, and the next agent starts before it: all is found again", async (context) => {
  const one = await scene(context, true);
  await one.agent.end("SIGKILL");
  await one.engine.kill();
  await one.agent.start();
  await expectUnseen(one.agent);
  await one.engine.start();
  await until("all apps are seen running", async () => isWell(await one.agent.status()), RIGHT_WITHIN_MS);
  await expectUntouched(one);
}, 180_000);

test("what ends while neither agent nor engine lives is told with its true code", async (context) => {
  const { engine, agent, before } = await scene(context, true);
  await agent.end("SIGKILL");
  await engine.kill();
  const [ended] = before;
  if (!ended) throw new Error("no container runs");
  process.kill(ended.State.Pid, "SIGTERM");
  await agent.start();
  await engine.start();
  const app = ended.Config.Labels["damson.app"] ?? "";
  const [exit] = await until(
    "the end is told",
    async () => {
      const exits = await exitsOf(agent, app);
      return exits.length > 0 && exits;
    },
    RIGHT_WITHIN_MS,
  );
  expect(exit).toMatchObject({ code: CODE, signal: null, reason: "exit" });
  await until("all apps run", async () => isWell(await agent.status()));
  const after = await running(engine, agent);
  expect(after).toHaveLength(APPS);
  expect(after.filter(({ Id }) => before.some((container) => container.Id === Id))).toHaveLength(APPS - 1);
}, 180_000);

test.for(["up", "down"] as const)(
  "without live restore a stop of the engine ends all apps; with the agent %s each is started again, once",
  { timeout: 240_000 },
  async (agentIs, context) => {
    const { engine, agent, before } = await scene(context, false);
    if (agentIs === "down") await agent.end("SIGKILL");
    await engine.stop();
    if (agentIs === "down") await agent.start();
    await engine.start();
    await until(
      "every end is told with its code",
      async () => {
        const all = await Promise.all(before.map(({ Config }) => exitsOf(agent, Config.Labels["damson.app"] ?? "")));
        return all.every(([exit]) => exit?.code === CODE);
      },
      RIGHT_WITHIN_MS,
    );
    await until("all apps run again", async () => isWell(await agent.status()), 60_000);
    expect(await running(engine, agent)).toHaveLength(APPS);
    for (const { app, restarts } of (await agent.status()).apps) {
      expect({ app, restarts, exits: (await exitsOf(agent, app)).length }).toEqual({ app, restarts: 1, exits: 1 });
    }
  },
);
