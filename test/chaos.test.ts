import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { answer } from "@damson/client";
import { expect, onTestFinished, test } from "vitest";
import { chaosApps } from "./chaos/app.ts";
import { faultsOf } from "./chaos/faults.ts";
import { presenceFault } from "./chaos/presence.ts";
import { readTruth } from "./chaos/truth.ts";
import { User } from "./chaos/user.ts";
import { appProcesses } from "./support/proc.ts";
import { Random } from "./support/random.ts";
import { startAgent, type TestAgent } from "./support/test-agent.ts";
import { until } from "./support/until.ts";

/** Stages of an agent's life, from which the moment of its death is counted. */
const [START, ANSWERING, READY] = [0, 1, 2] as const;
const KILLS = 300;
const AT_ONCE = 12;
const SETTLED_MS = 60_000;
const EVIDENCE_LINES = 12;

const seed = Number(process.env.DAMSON_CHAOS_SEED ?? Date.now() % 1_000_000);

test(`${KILLS} kill -9 of the agent lose nothing and start nothing twice (DAMSON_CHAOS_SEED=${seed})`, {
  timeout: 900_000,
}, async () => {
  const random = new Random(seed);
  const agent = await startAgent();
  onTestFinished(() => agent.cleanUp(), 120_000);
  agent.showOnFailure();
  const directory = join(agent.workDir, "truth");
  mkdirSync(directory);
  const users = chaosApps(directory).map((app) => new User(app, agent.client, random));
  await rage(agent, users, random);
  const faults = users.flatMap((user) => user.faults);
  faults.push(...(await unsettled(agent, users)));
  const present = users.filter((user) => user.declared !== "deleted");
  await Promise.all(present.map((user) => stop(agent, user)));
  for (const { app } of present) faults.push(...(await faultsOf(app, agent.client)));
  expect(
    faults.map((fault) => withEvidence(fault, users)),
    `DAMSON_CHAOS_SEED=${seed}`,
  ).toEqual([]);
});

/** Lets the users act while one agent after the other is killed, some before they answer, some in the midst of it. */
async function rage(agent: TestAgent, users: readonly User[], random: Random): Promise<void> {
  const idle = [...users];
  const acting = new Set<Promise<void>>();
  for (let kill = 0; kill < KILLS; kill += 1) {
    for (let more = random.between(2, 6); more > 0 && acting.size < AT_ONCE; more -= 1) {
      const [user] = idle.splice(random.between(0, idle.length - 1), 1);
      if (!user) break;
      const act = user.act().finally(() => {
        acting.delete(act);
        idle.push(user);
      });
      acting.add(act);
    }
    const moment = random.of([START, START, START, START, ANSWERING, ANSWERING, ANSWERING, READY, READY, READY]);
    if (moment >= ANSWERING) await agent.answering();
    if (moment >= READY) await agent.ready();
    await setTimeout(random.between(0, moment === START ? 500 : 250));
    const { signal, code } = await agent.end("SIGKILL");
    if (signal !== "SIGKILL") throw new Error(`the agent ended by itself with ${signal ?? `code ${code}`}`);
    agent.launch();
  }
  await agent.answering();
  await Promise.all(acting);
}

/** Apps that do not come to what was declared of them last. */
async function unsettled(agent: TestAgent, users: readonly User[]): Promise<string[]> {
  const { owner } = agent;
  const faultNow = () => {
    const processes = appProcesses(owner);
    const faults = users.flatMap((user) => presenceFault(user, processes) ?? []);
    return faults.length === 0 ? undefined : faults;
  };
  try {
    await until("every app is as declared", () => faultNow() === undefined, SETTLED_MS);
    return [];
  } catch {
    return faultNow() ?? [];
  }
}

async function stop({ client }: TestAgent, { app }: User): Promise<void> {
  const params = { path: { app: app.name }, query: { wait: true, timeout: "60s" } };
  await answer(client.api.POST("/v1/apps/{app}/stop", { params }));
}

function withEvidence(fault: string, users: readonly User[]): string {
  const user = users.find(({ app }) => fault.startsWith(`${app.name}: `));
  if (!user) return fault;
  const lines = readTruth(user.app.truthFile).text.split("\n").slice(-EVIDENCE_LINES);
  return `${fault}\n  the app's own last words:\n    ${lines.join("\n    ")}`;
}
