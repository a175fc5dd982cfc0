import { deepStrictEqual } from "node:assert";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { BenchAgent } from "../harness/agent.ts";
import { allRunning, applyMany, runningUnits } from "../harness/apps.ts";
import { benchOwner, containerApp, dockerAgent, RawEngine } from "../harness/engine.ts";
import { callText } from "../harness/http.ts";
import { cpuSeconds, parentOf, processesOf, pssMb, rssMb } from "../harness/processes.ts";
import type { Row } from "../harness/row.ts";
import type { Scratch } from "../harness/scratch.ts";
import { median, round, showSpread, spreadOf } from "../harness/statistics.ts";

const APPS = 100;
const SETTLE_MS = 10_000;
const LOOK_MS = 20_000;
const RESTARTS = 5;

/** What a hundred running containers take of the agent, and how soon it has them again after a `kill -9`. */
export async function measureDockerFleet(scratch: Scratch, bin: string): Promise<readonly Row[]> {
  const owner = benchOwner();
  const engine = new RawEngine();
  engine.removeAtEnd(scratch, owner);
  const agent = await BenchAgent.start(scratch, bin, dockerAgent(owner));
  const bare = await restarts(agent, bin, () => agent.ready());
  await warmUp(agent);
  await delay(SETTLE_MS);
  const before = { rss: rssMb(agent.pid), processes: processesOf(agent.pid, dirname(bin)).length };
  await applyMany(agent, APPS, quietApp);
  await delay(SETTLE_MS);
  const after = { rss: rssMb(agent.pid), processes: processesOf(agent.pid, dirname(bin)).length };
  const idle = await idlePercent(agent);
  const shims = await shimsOf(engine, agent);
  const ids = runningUnits(await agent.status());
  const adopted = await restarts(agent, bin, async () => {
    deepStrictEqual(runningUnits(await allRunning(agent, APPS)), ids);
  });
  const own = (after.rss - before.rss) / APPS;
  const shim = median(shims.map(rssMb));
  const row = { peer: "", ratio: "", limit: "", met: undefined };
  return [
    {
      ...row,
      what: `memory of the agent per container, with ${APPS} running`,
      measured: `${round(own)} MB (RSS: ${round(before.rss)} MB before, ${round(after.rss)} MB then)`,
      peer: `the engine's containerd-shim, one per container: RSS ${showSpread(spreadOf(shims.map(rssMb)), "MB")}, PSS ${round(median(shims.map(pssMb)))} MB`,
      ratio: `${round(own / shim)} ×`,
    },
    {
      ...row,
      what: "processes of Damson per container",
      measured: `${(after.processes - before.processes) / APPS} (beside the agent: ${before.processes} before, ${after.processes} then)`,
    },
    { ...row, what: `agent idle with ${APPS} running containers`, measured: `${round(idle)} % of a core` },
    {
      ...row,
      what: `\`kill -9\`, restart with ${APPS} containers: until all are adopted`,
      measured: showSpread(spreadOf(adopted), "s"),
      peer: `the same without any app, until the runtime is ready: ${showSpread(spreadOf(bare), "s")}`,
      ratio: `${round(median(adopted) / median(bare))} ×`,
    },
  ];
}

/** What is loaded and made once is not counted. */
async function warmUp(agent: BenchAgent): Promise<void> {
  await callText(`${agent.url}/v1/apply?wait=running`, { method: "POST", body: quietApp("first") });
  await callText(`${agent.url}/v1/apps/first?wait=true`, { method: "DELETE" });
}

async function idlePercent({ pid }: BenchAgent): Promise<number> {
  const [begin, before] = [performance.now(), cpuSeconds(pid)];
  await delay(LOOK_MS);
  return ((cpuSeconds(pid) - before) / ((performance.now() - begin) / 1_000)) * 100;
}

/** Pids of the engine's helpers: each is the parent of a container's first process. */
async function shimsOf(engine: RawEngine, agent: BenchAgent): Promise<number[]> {
  const containers = await Promise.all(runningUnits(await agent.status()).map((id) => engine.inspect(id)));
  return [...new Set(containers.map(({ State }) => parentOf(State.Pid)))];
}

/** Time from the start of a new agent after a `kill -9` until `isDone` resolves, in seconds. */
async function restarts(agent: BenchAgent, bin: string, isDone: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < RESTARTS; index += 1) {
    await agent.kill();
    const begin = performance.now();
    agent.restart(bin);
    await isDone();
    times.push((performance.now() - begin) / 1_000);
  }
  return times;
}

function quietApp(app: string): object {
  return containerApp(app, "none");
}
