import { type ApplyRequest, answer } from "@damson/client";
import { expect, onTestFinished, test } from "vitest";
import { appProcesses } from "./support/proc.ts";
import { startAgent, type TestAgent } from "./support/test-agent.ts";

const APPS = 200;

test(`${APPS} apps live through kill -9: the next agent takes over every one as it is`, async () => {
  const agent = await startAgent();
  onTestFinished(() => agent.cleanUp(), 120_000);
  agent.showOnFailure();
  const names = Array.from({ length: APPS }, (_, index) => `sleeper-${index}`);
  await Promise.all(names.map((name) => apply(agent, name)));
  await expect.poll(() => programs(agent)).toEqual(names.map(() => "sleep 600"));
  const before = processes(agent);

  await agent.restart("SIGKILL");
  await expect.poll(() => pidsTold(agent)).toEqual(before.map(({ instance, pid }) => `${instance} ${pid}`));
  const { apps } = await agent.status();
  expect(apps).toHaveLength(APPS);
  expect(apps.filter(({ phase, restarts }) => phase !== "running" || restarts !== 0)).toEqual([]);
  expect(processes(agent)).toEqual(before);
});

async function apply({ client }: TestAgent, app: string): Promise<void> {
  const body: ApplyRequest = { app, version: "1", pkg: { type: "binary", command: ["sleep", "600"] } };
  await answer(client.api.POST("/v1/apply", { body, params: { query: { wait: "running" } } }));
}

/** The apps' processes by /proc, ordered by instance. */
function processes({ owner }: TestAgent) {
  return appProcesses(owner).sort((a, b) => (a.instance < b.instance ? -1 : 1));
}

/** What runs, without the path of the program. */
function programs(agent: TestAgent): string[] {
  return processes(agent).map(({ command }) => command.join(" ").replace(/^.*\//, ""));
}

/** The instances that run, and their pids, by what the agent tells. */
async function pidsTold(agent: TestAgent): Promise<string[]> {
  const { apps } = await agent.status();
  return apps
    .flatMap(({ instances }) =>
      instances.flatMap(({ instance_id, pid, run }) => (run === 1 ? `${instance_id} ${pid}` : [])),
    )
    .sort();
}
