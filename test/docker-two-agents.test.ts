import { setTimeout } from "node:timers/promises";
import { answer } from "@damson/client";
import { expect, onTestFinished, test } from "vitest";
import { BUSYBOX } from "./support/busybox-image.ts";
import { sharedEngine } from "./support/docker-engine.ts";
import type { Engine } from "./support/engine.ts";
import { Random } from "./support/random.ts";
import { startAgent, type TestAgent } from "./support/test-agent.ts";
import { until } from "./support/until.ts";

const APPS = 20;
const RAGE_MS = 120_000;
const SCRIPT = "trap 'exit 0' TERM; while :; do sleep 0.2; done";

const seed = Number(process.env.DAMSON_CHAOS_SEED ?? Date.now() % 1_000_000);

/** One agent, and what was declared of its apps last: their version, or that they are stopped. */
class Side {
  readonly agent: TestAgent;
  readonly #engine: Engine;
  readonly #random: Random;
  readonly declared = new Map<string, string | "stopped">();

  constructor(agent: TestAgent, engine: Engine, random: Random) {
    this.agent = agent;
    this.#engine = engine;
    this.#random = random;
  }

  /** The same names on both sides: only the owner tells their containers apart. */
  async applyAll(): Promise<void> {
    await Promise.all(Array.from({ length: APPS }, (_, index) => this.#apply(`app-${index + 1}`, "v1")));
    await until("all apps run", async () => (await this.unlike()).length === 0, 60_000);
  }

  /** Some change of some app. An answer that never comes, since the agent was killed, leaves the app as it may be. */
  async act(): Promise<void> {
    const app = `app-${this.#random.between(1, APPS)}`;
    const declared = this.declared.get(app);
    const params = { path: { app } };
    const acts: [() => Promise<unknown>, ...(() => Promise<unknown>)[]] = [
      () => this.#apply(app, `v${this.#random.between(2, 1_000_000)}`),
      () => answer(this.agent.client.api.POST("/v1/apps/{app}/restart", { params })),
      async () => {
        await answer(this.agent.client.api.POST("/v1/apps/{app}/stop", { params }));
        this.declared.set(app, "stopped");
      },
      async () => {
        const own = (await this.#containers()).filter(({ Config }) => Config.Labels["damson.app"] === app);
        for (const { Id, State } of own) {
          if (State.Running) await this.#engine.docker("kill", Id).catch(() => undefined);
        }
      },
    ];
    if (declared === "stopped") await this.#apply(app, "v1");
    else await this.#random.of(acts)();
  }

  /** What the engine has of this side, apart from containers that were made and never started. */
  async facts(): Promise<string[]> {
    const started = (await this.#containers()).filter(({ State }) => State.Status !== "created");
    return started.map(({ Id, State }) => `${Id} ${State.Status} ${State.StartedAt} ${State.FinishedAt}`).toSorted();
  }

  /** The facts, once no call of a dead agent is under way any more. */
  async settledFacts(): Promise<string[]> {
    let before: string[] = [];
    return until("nothing changes any more", async () => {
      const now = await this.facts();
      const isSettled = now.join() === before.join();
      before = now;
      await setTimeout(300);
      return isSettled && now;
    });
  }

  /** Apps that do not run as was declared last, by what the engine says. */
  async unlike(): Promise<string[]> {
    const running = (await this.#containers()).filter(({ State }) => State.Running);
    return [...this.declared].flatMap(([app, version]) => {
      const versions = running
        .filter(({ Config }) => Config.Labels["damson.app"] === app)
        .map(({ Config }) => Config.Labels["damson.version"]);
      const right = version === "stopped" ? versions.length === 0 : versions.join() === version;
      return right ? [] : [`${app}: declared ${version}, runs: ${versions.join() || "nothing"}`];
    });
  }

  async #apply(app: string, version: string): Promise<void> {
    const pkg = { type: "docker", image: BUSYBOX, command: ["sh", "-c", SCRIPT], network: "none" };
    const restart = { delay: "100ms", max_delay: "500ms" };
    await answer(this.agent.client.api.POST("/v1/apply", { body: { app, version, pkg, restart } }));
    this.declared.set(app, version);
  }

  #containers() {
    return this.#engine.containers(`damson.owner=${this.agent.owner}`);
  }
}

test(`two agents with ${APPS} apps each on one engine, killed at random: neither touches the other's (DAMSON_CHAOS_SEED=${seed})`, {
  timeout: 600_000,
}, async (context) => {
  const engine = await sharedEngine(context);
  const random = new Random(seed);
  const sides = await Promise.all(
    [1, 2].map(async () => {
      const agent = await startAgent({ environment: { DOCKER_HOST: engine.host } });
      onTestFinished(() => agent.cleanUp(), 180_000);
      agent.showOnFailure();
      return new Side(agent, engine, random);
    }),
  );
  await Promise.all(sides.map((side) => side.applyAll()));
  const end = performance.now() + RAGE_MS;
  let rounds = 0;
  while (performance.now() < end) {
    const [victim, other] = random.of([sides, sides.toReversed()]);
    if (!victim || !other) throw new Error("there are two sides");
    rounds += 1;
    // Nobody waits for what the victim does last: it dies in the midst of it.
    await Promise.all([victim.act(), victim.act()]);
    await victim.agent.end("SIGKILL");
    const before = await victim.settledFacts();
    for (let acts = random.between(2, 5); acts > 0; acts -= 1) await other.act();
    if (random.between(0, 1) === 1) await other.agent.restart("SIGKILL");
    await until("the other side is as declared", async () => (await other.unlike()).length === 0, 60_000);
    expect(await victim.facts(), `round ${rounds}: what belongs to the dead agent`).toEqual(before);
    await victim.agent.start();
  }
  for (const side of sides) {
    await until("all is as declared", async () => (await side.unlike()).length === 0, 60_000).catch(() => undefined);
    expect(await side.unlike()).toEqual([]);
  }
  expect(rounds).toBeGreaterThan(5);
});
